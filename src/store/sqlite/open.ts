/** The store's file: opened, made where there is none, and brought to the tables that this version knows. */
import { closeSync, openSync } from 'node:fs'
import Database from 'libsql'
import { StoreError } from '../store-error.ts'

export type Db = InstanceType<typeof Database>

/** The first row, or undefined. Not the library's own `get`: after an `all` it answers for the values of that one (libsql 0.5.29), and it leaves the statement open. */
export function first(statement: Statement, values: Readonly<Record<string, string | number>> | readonly (string | number)[] = {}): unknown {
  return statement.all(values)[0]
}

type Statement = ReturnType<Db['prepare']>

/** Milliseconds that another program may hold the file before we say so. */
const LOCKED = 250

/** Each brings a store from the version before to its own: lines are added, none is ever changed. */
const STEPS: readonly string[] = [
  `CREATE TABLE outbox (
     id TEXT PRIMARY KEY, kind TEXT NOT NULL, receiver TEXT NOT NULL, flow TEXT NOT NULL, call TEXT NOT NULL, place TEXT NOT NULL, caller TEXT NOT NULL,
     state TEXT NOT NULL, created INTEGER NOT NULL, deadline INTEGER NOT NULL, next INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
     owner TEXT, lease INTEGER, claimed INTEGER, recording TEXT, why TEXT, ref TEXT, ended INTEGER, body TEXT
   ) WITHOUT ROWID;
   CREATE INDEX outbox_next ON outbox (next) WHERE state = 'waiting';
   CREATE INDEX outbox_doubt ON outbox (next) WHERE state = 'doubt';
   CREATE INDEX outbox_sending ON outbox (lease) WHERE state = 'sending';
   CREATE INDEX outbox_state ON outbox (state, kind, created);
   CREATE INDEX outbox_ref ON outbox (ref) WHERE ref IS NOT NULL;
   CREATE INDEX outbox_ended ON outbox (ended) WHERE ended IS NOT NULL;
   CREATE TABLE once (place TEXT PRIMARY KEY, at INTEGER NOT NULL, id TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE recordings (
     id TEXT PRIMARY KEY, call TEXT NOT NULL, flow TEXT NOT NULL, place TEXT NOT NULL, address TEXT NOT NULL, seconds INTEGER NOT NULL, state TEXT NOT NULL, noticed INTEGER NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL, owner TEXT, lease INTEGER, bytes INTEGER NOT NULL DEFAULT 0, why TEXT, alarmed INTEGER NOT NULL DEFAULT 0
   ) WITHOUT ROWID;
   CREATE INDEX recordings_call ON recordings (call, noticed);
   CREATE INDEX recordings_state ON recordings (state, noticed);
   CREATE TABLE calls (id TEXT PRIMARY KEY, flow TEXT NOT NULL, version TEXT NOT NULL, start INTEGER NOT NULL, token TEXT NOT NULL, server TEXT NOT NULL) WITHOUT ROWID;
   CREATE INDEX calls_start ON calls (start);`,
  `CREATE TABLE records (
     n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, flow TEXT NOT NULL, version TEXT NOT NULL, begun INTEGER NOT NULL, caller TEXT NOT NULL, called TEXT NOT NULL, direction TEXT NOT NULL,
     at TEXT NOT NULL, leads TEXT NOT NULL, steps INTEGER NOT NULL, last INTEGER NOT NULL, newest INTEGER NOT NULL, closed INTEGER, over INTEGER, how TEXT, seconds INTEGER, answered TEXT NOT NULL DEFAULT '', talk INTEGER NOT NULL DEFAULT 0,
     trace TEXT NOT NULL
   );
   CREATE INDEX records_begun ON records (begun);
   CREATE INDEX records_flow ON records (flow, begun);
   CREATE INDEX records_live ON records (begun) WHERE over IS NULL AND closed IS NULL;
   CREATE TABLE trail (n INTEGER PRIMARY KEY, owner TEXT NOT NULL, lines TEXT NOT NULL);
   CREATE TABLE sounds (id TEXT PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL, address TEXT NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX outbox_call ON outbox (call);`,
  `ALTER TABLE recordings ADD COLUMN created TEXT NOT NULL DEFAULT '';
   CREATE TABLE ends (call TEXT PRIMARY KEY, ended TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;`,
]

/** Opens the file. Throws what SQLite says, or a StoreError. */
export function openDatabase(path: string): Db {
  // telephone numbers stand in it: nobody else on this machine reads them
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { timeout: LOCKED })
  try {
    db.pragma('journal_mode = WAL')
    // what was promised to be stored survives a power cut
    db.pragma('synchronous = FULL')
    const { user_version: known } = first(db.prepare('PRAGMA user_version')) as { user_version: number }
    if (known > STEPS.length) throw new StoreError('newer', `${path} was written by a newer tonval (its tables have version ${known}, this one knows ${STEPS.length}): use that one, or another --data`)
    for (let version = known; version < STEPS.length; version++) {
      db.exec('BEGIN IMMEDIATE')
      try {
        // two servers that start together: the second finds it done
        const { user_version: now } = first(db.prepare('PRAGMA user_version')) as { user_version: number }
        if (now === version) db.exec(`${STEPS[version]}; PRAGMA user_version = ${version + 1}`)
        db.exec('COMMIT')
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
