/** Calls on record in SQLite: a row each, their steps as the text that record lines bring, so that a step costs one write to a row that was touched last. */
import type { CallEnd, CallFigures, CallPage, CallPlace, CallQuery, CallRecord, CallRecords, CallTrace, HeardSound } from '../call-record.ts'
import { entryKey, entryTime, readEntry, readLines, soundsIn } from '../call-lines.ts'
import type { EndLine, StepHead } from '../call-lines.ts'
import { countCalls } from '../count-calls.ts'
import type { AtOnce } from '../store.ts'
import { first } from './open.ts'
import type { Db } from './open.ts'

/** Rows that one look goes through: callers' effects wait behind it. */
const MOST_ROWS = 1000
const MOST_FIGURED = 300
const MOST_SENDS = 200
/** Milliseconds that a sound is kept longer than the calls that heard it. */
const SOUNDS_LONGER = 3 * 86_400_000

const LIVE = 'over IS NULL AND closed IS NULL'
/** CallEnd, of what the last step leads to and what was told. */
const ENDED = `CASE WHEN how = 'unknown' THEN 'unknown' WHEN ${LIVE} THEN NULL
  WHEN leads = 'ringing' THEN CASE WHEN answered <> '' THEN 'connected' ELSE 'caller' END
  WHEN leads = 'ringing-last' THEN CASE WHEN answered <> '' THEN 'connected' ELSE 'end' END ELSE leads END`
const COLUMNS = `n, id, flow, version, begun, CASE WHEN how = 'unknown' THEN NULL ELSE coalesce(over, closed) END AS over, seconds, caller, called, direction, at, ${ENDED} AS ended, steps`

interface Row extends Omit<CallRecord, 'at'> {
  readonly n: number
  readonly at: string
}

type Before = Pick<CallRecord, 'begun' | 'caller' | 'called' | 'direction'> & { readonly trace: string }

interface Group {
  head: StepHead
  /** The lowest of its steps here. */
  from: number
  caller: string
  called: string
  direction: string
  begun: number
  entries: string[]
}

export function callMethods(db: Db): AtOnce<CallRecords> {
  const upsert = db.prepare(`INSERT INTO records (id, flow, version, begun, caller, called, direction, at, leads, steps, last, closed, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, at = excluded.at, leads = excluded.leads, steps = steps + excluded.steps, last = excluded.last, closed = excluded.closed, trace = trace || char(10) || excluded.trace
    WHERE last < ?`)
  const known = db.prepare('SELECT trace, begun, caller, called, direction FROM records WHERE id = ?')
  const older = db.prepare(`UPDATE records SET steps = ?, trace = ?, begun = ?, caller = ?, called = ?, direction = ? WHERE id = ?`)
  const newer = db.prepare('UPDATE records SET version = ?, at = ?, leads = ?, last = max(last, ?), closed = ? WHERE id = ?')
  const end = db.prepare(`UPDATE records SET over = ?, how = ?, seconds = ?, answered = ?, talk = ? WHERE id = ? AND (how IS NULL OR (how = 'unknown' AND ? <> 'unknown'))`)
  const unknown = db.prepare(`UPDATE records SET over = ?, how = 'unknown' WHERE id = ? AND ${LIVE}`)
  const sound = db.prepare('INSERT INTO sounds (id, name, text, address, seen) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen')
  const oneSound = db.prepare('SELECT name, text, address FROM sounds WHERE id = ?')
  const one = db.prepare(`SELECT ${COLUMNS}, how, answered, talk, trace FROM records WHERE id = ?`)
  const sends = db.prepare('SELECT id, kind, receiver, place, state, created, ended, why FROM outbox WHERE call = ? ORDER BY created, id LIMIT ?')
  const recordings = db.prepare('SELECT id, place, seconds, state, noticed, bytes FROM recordings WHERE call = ? ORDER BY noticed, id')
  const span = db.prepare(`SELECT ${COLUMNS}, answered, trace FROM records WHERE flow = ? AND begun >= ? AND begun < ? AND (begun, n) > (?, ?) ORDER BY begun, n LIMIT ?`)
  const age = db.prepare(`UPDATE records SET over = ?, how = 'unknown' WHERE n IN (SELECT n FROM records WHERE ${LIVE} AND begun < ? ORDER BY begun LIMIT ?)`)
  const forget = db.prepare('DELETE FROM records WHERE n IN (SELECT n FROM records WHERE begun < ? ORDER BY begun LIMIT ?)')
  const forgetSounds = db.prepare('DELETE FROM sounds WHERE seen < ?')

  function write({ head, from, caller, called, direction, begun, entries }: Group): void {
    const { id, flow, version, step, at, leads, closed = null } = head
    if (upsert.run(id, flow, version, begun, caller, called, direction, at, leads, entries.length, step, closed, entries.join('\n'), from).changes > 0) return
    // a request that came again, steps that come in another order than they were taken, or of a call that went on with another version: what is known is left out
    const before = first(known, [id]) as Before
    const all = new Map<string, string>()
    for (const entry of [...before.trace.split('\n'), ...entries]) if (!all.has(entryKey(entry))) all.set(entryKey(entry), entry)
    const trace = [...all.values()].sort((a, b) => entryTime(a) - entryTime(b))
    const start = direction === '' ? before : { begun, caller, called, direction }
    older.run(trace.length, trace.join('\n'), start.begun, start.caller, start.called, start.direction, id)
    if (trace.at(-1) === entries.at(-1)) newer.run(version, at, leads, step, closed, id)
  }

  function writeEnd({ id, at, how, seconds, answered, talk }: EndLine): void {
    if (how === 'unknown') unknown.run(at, id)
    else end.run(at, how, seconds ?? null, answered, talk, id, how)
  }

  function soundsOf(entries: readonly string[]): Map<string, HeardSound> {
    return new Map(soundsIn(entries).flatMap(id => {
      const row = first(oneSound, [id]) as { name: string; text: string; address: string } | undefined
      return row === undefined ? [] : [[id, { name: row.name, ...(row.text === '' ? {} : { text: row.text }), ...(row.address === '' ? {} : { address: row.address }) }] as const]
    }))
  }

  return {
    writeCalls(lines, now) {
      const groups = new Map<string, Group>()
      const ends: EndLine[] = []
      for (const line of readLines(lines)) {
        if (line.kind === 'step') collect(groups, line.head, line.entry)
        else if (line.kind === 'end') ends.push(line.end)
        else sound.run(line.sound.id, line.sound.name, line.sound.text, line.sound.address, now)
      }
      for (const group of groups.values()) write(group)
      for (const one of ends) writeEnd(one)
    },

    calls(query) {
      return list(db, query)
    },

    call(id): CallTrace | undefined {
      const row = first(one, [id]) as (Row & { how: string | null; answered: string; talk: number; trace: string }) | undefined
      if (row === undefined) return undefined
      const { how, answered, talk, trace } = row
      const entries = trace.split('\n')
      const heard = soundsOf(entries)
      return {
        call: record(row), steps: entries.map(entry => readEntry(entry, heard)), sends: sends.all(id, MOST_SENDS) as CallTrace['sends'][number][],
        recordings: recordings.all(id) as CallTrace['recordings'][number][], reported: how === 'unknown' || how === 'told' ? null : how, answered: answered === '' ? null : { number: answered, seconds: talk },
      }
    },

    callFigures(flow, since, until, after): CallFigures {
      const rows = span.all(flow, since, until, after?.begun ?? 0, after?.n ?? 0, MOST_FIGURED) as (Row & { answered: string; trace: string })[]
      return { ...countCalls(rows), next: placeAfter(rows, MOST_FIGURED) }
    },

    pruneCalls(before, aged, most) {
      const ended = age.run(aged, aged, most).changes
      const gone = forget.run(before, most).changes
      if (gone === 0) forgetSounds.run(before - SOUNDS_LONGER)
      return Math.max(ended, gone)
    },
  }
}

function collect(groups: Map<string, Group>, head: StepHead, entry: string): void {
  const group = groups.get(head.id)
  if (group === undefined) {
    groups.set(head.id, { head, from: head.step, caller: head.caller, called: head.called, direction: head.direction, begun: head.begun, entries: [entry] })
    return
  }
  if (group.entries.some(other => entryKey(other) === entryKey(entry))) return
  group.entries.push(entry)
  group.from = Math.min(group.from, head.step)
  group.head = head
  if (head.direction === '') return
  group.caller = head.caller
  group.called = head.called
  group.direction = head.direction
  group.begun = head.begun
}

/** Looks through so many rows; where most of them are of no interest, the page is short. */
function list(db: Db, { since = 0, until, flow, state, end, live, before, limit }: CallQuery): CallPage {
  const where = ['begun >= $since', ...(until === undefined ? [] : ['begun < $until']), ...(flow === undefined ? [] : ['flow = $flow']), ...(live === true ? [LIVE] : []), ...(before === undefined ? [] : ['(begun, n) < ($begun, $n)'])].join(' AND ')
  const wanted = [...(state === undefined ? [] : ['at = $state']), ...(end === undefined ? [] : ['ended = $end'])].join(' AND ')
  const values = { since, ...(until === undefined ? {} : { until }), ...(flow === undefined ? {} : { flow }), ...(before ?? {}) }
  const most = wanted === '' ? limit + 1 : MOST_ROWS
  const page = `SELECT ${COLUMNS} FROM records WHERE ${where} ORDER BY begun DESC, n DESC LIMIT ${most}`
  if (wanted === '') {
    const rows = db.prepare(page).all(values) as Row[]
    return { calls: rows.slice(0, limit).map(record), next: placeAfter(rows.slice(0, limit), rows.length > limit ? limit : limit + 1) }
  }
  const rows = db.prepare(`SELECT * FROM (${page}) WHERE ${wanted} LIMIT ${limit}`).all({ ...values, ...(state === undefined ? {} : { state }), ...(end === undefined ? {} : { end }) }) as Row[]
  if (rows.length === limit) return { calls: rows.map(record), next: placeAfter(rows, limit) }
  const seen = first(db.prepare(`SELECT begun, n FROM records WHERE ${where} ORDER BY begun DESC, n DESC LIMIT 1 OFFSET ${most - 1}`), values) as CallPlace | undefined
  return { calls: rows.map(record), next: seen === undefined ? null : { begun: seen.begun, n: seen.n } }
}

/** Where the next page begins, if this one is full. */
function placeAfter(rows: readonly Row[], full: number): CallPlace | null {
  const last = rows.length < full ? undefined : rows.at(-1)
  return last === undefined ? null : { begun: last.begun, n: last.n }
}

function record({ id, flow, version, begun, over, seconds, caller, called, direction, at, ended, steps }: Row): CallRecord {
  return { id, flow, version, begun, over, seconds, caller, called, direction, at: at === '' ? null : at, ended: ended as CallEnd | null, steps }
}
