/** Recordings, and the calls that are open, in SQLite. */
import type { Ended } from '../../run/afterwards.ts'
import type { AtOnce, OpenCall, Recording, Store } from '../store.ts'
import { first } from './open.ts'
import type { Db } from './open.ts'

type Methods = Pick<AtOnce<Store>, 'noteRecording' | 'claimRecordings' | 'settleRecording' | 'recording' | 'recordingsOf' | 'noteEnd' | 'endOf' | 'overdueRecordings' | 'expireRecordings' | 'recordings' | 'retryRecording' | 'recordingCounts' | 'noteCalls' | 'agedCalls'>

const COLUMNS = 'id, call, flow, place, address, seconds, created, state, noticed, attempts, next, bytes, why'

export function recordingMethods(db: Db): Methods {
  const insert = db.prepare(`INSERT OR IGNORE INTO recordings (id, call, flow, place, address, seconds, created, state, noticed, next) VALUES ($id, $call, $flow, $place, $address, $seconds, $created, 'coming', $noticed, $noticed)`)
  const due = db.prepare(`SELECT ${COLUMNS} FROM recordings WHERE state = 'coming' AND next <= $now AND (lease IS NULL OR lease < $now OR owner = $owner) ORDER BY next, id LIMIT $most`)
  const take = db.prepare('UPDATE recordings SET owner = $owner, lease = $lease, attempts = attempts + 1 WHERE id = $id')
  const settle = db.prepare(`UPDATE recordings SET state = $state, next = coalesce($next, next), bytes = coalesce($bytes, bytes), why = $why, owner = NULL, lease = NULL WHERE id = $id AND state <> 'deleted'`)
  const one = db.prepare(`SELECT ${COLUMNS} FROM recordings WHERE id = $id`)
  const ofCall = db.prepare(`SELECT ${COLUMNS} FROM recordings WHERE call = $call ORDER BY noticed, id`)
  const overdue = db.prepare(`SELECT ${COLUMNS} FROM recordings WHERE state = 'coming' AND noticed < $before AND alarmed = 0`)
  const alarmed = db.prepare('UPDATE recordings SET alarmed = 1 WHERE id = $id')
  const old = db.prepare(`SELECT id FROM recordings WHERE state IN ('here', 'lost') AND noticed < $before`)
  const expire = db.prepare(`UPDATE recordings SET state = 'deleted' WHERE id = $id`)
  const forget = db.prepare(`DELETE FROM recordings WHERE state = 'deleted' AND noticed < $before`)
  const listed = db.prepare(`SELECT ${COLUMNS} FROM recordings WHERE state <> 'deleted' ORDER BY noticed DESC, id LIMIT $most`)
  const anew = db.prepare(`UPDATE recordings SET state = 'coming', next = $now, owner = NULL, lease = NULL WHERE id = $id AND state IN ('coming', 'lost')`)
  const counted = db.prepare('SELECT state, COUNT(*) AS count, MIN(noticed) AS oldest FROM recordings GROUP BY state')
  const note = db.prepare(`INSERT INTO calls (id, flow, version, start, token, server) VALUES ($id, $flow, $version, $start, $token, $server) ON CONFLICT (id) DO UPDATE SET token = $token, version = $version`)
  const noteEnd = db.prepare('INSERT OR IGNORE INTO ends (call, ended, at) VALUES ($call, $ended, $at)')
  const endOf = db.prepare('SELECT ended FROM ends WHERE call = $call')
  const forgetEnds = db.prepare('DELETE FROM ends WHERE at < $before')
  const over = db.prepare('DELETE FROM calls WHERE id = $id')
  const aged = db.prepare('SELECT id, flow, version, start, token, server FROM calls WHERE start < $before ORDER BY start LIMIT $most')

  return {
    noteRecording: recording => insert.run({ ...recording }).changes > 0,
    claimRecordings(owner, now, lease, most) {
      const rows = due.all({ owner, now, most }) as Recording[]
      for (const { id } of rows) take.run({ id, owner, lease })
      return rows.map(row => ({ ...row, attempts: row.attempts + 1 }))
    },
    settleRecording: (id, state, { next, bytes, why }) => void settle.run({ id, state, next: next ?? null, bytes: bytes ?? null, why: why ?? null }),
    recording: id => first(one, { id }) as Recording | undefined,
    recordingsOf: call => ofCall.all({ call }) as Recording[],
    overdueRecordings(before) {
      const rows = overdue.all({ before }) as Recording[]
      for (const { id } of rows) alarmed.run({ id })
      return rows
    },
    expireRecordings(before) {
      const ids = (old.all({ before }) as { id: string }[]).map(({ id }) => id)
      for (const id of ids) expire.run({ id })
      // a notice that comes late must not bring one back that was deleted: the carrier repeats them for days
      forget.run({ before: before - 30 * 86_400_000 })
      forgetEnds.run({ before })
      return ids
    },
    recordings: most => listed.all({ most }) as Recording[],
    retryRecording(id, now) {
      const was = first(one, { id }) as Recording | undefined
      anew.run({ id, now })
      return was?.state
    },
    recordingCounts: () => counted.all() as { state: Recording['state']; count: number; oldest: number }[],
    noteCalls(open, ended) {
      for (const call of open) note.run({ ...call })
      for (const id of ended) over.run({ id })
    },
    noteEnd: (call, ended, now) => void noteEnd.run({ call, ended: JSON.stringify(ended), at: now }),
    endOf(call) {
      const row = first(endOf, { call }) as { ended: string } | undefined
      return row === undefined ? undefined : (JSON.parse(row.ended) as Ended)
    },
    agedCalls(before, most) {
      const rows = aged.all({ before, most }) as OpenCall[]
      for (const { id } of rows) over.run({ id })
      return rows
    },
  }
}
