/** Calls on record in SQLite: a row each, with their steps as the text in which they came. */
import type { CallFigures, CallPage, CallPlace, CallQuery, CallRecord, CallRecords, CallTrace, HeardSound } from '../call-record.ts'
import { readEntry, soundsIn } from '../call-lines.ts'
import { countCalls } from '../count-calls.ts'
import type { AtOnce } from '../store.ts'
import { first } from './open.ts'
import type { Db } from './open.ts'
import { callWriter, LIVE } from './write-calls.ts'

/** Rows that one look goes through: callers' effects wait behind it. */
const MOST_ROWS = 1000
const MOST_FIGURED = 300
const MOST_SENDS = 200
/** Milliseconds that a sound is kept longer than the calls that heard it. */
const SOUNDS_LONGER = 3 * 86_400_000

/** CallEnd, of what the last step leads to and what was told. */
const ENDED = `CASE WHEN how = 'unknown' THEN 'unknown' WHEN ${LIVE} THEN NULL
  WHEN leads = 'ringing' THEN CASE WHEN answered <> '' THEN 'connected' ELSE 'caller' END
  WHEN leads = 'ringing-last' THEN CASE WHEN answered <> '' THEN 'connected' ELSE 'end' END ELSE leads END`
const COLUMNS = `n, id, flow, version, begun, CASE WHEN how = 'unknown' THEN NULL ELSE coalesce(over, closed) END AS over, seconds, caller, called, direction, at, ${ENDED} AS ended, steps`

/** How the records of calls are worked: what was written last is settled before anything is read. */
export interface StoredCalls extends CallRecords {
  /** Makes so many of the calls that were written last ready to be read; whether there are more. */
  settleCalls(most: number): Promise<boolean>
}

interface Row extends Omit<CallRecord, 'at'> {
  readonly n: number
  readonly at: string
}

export function callMethods(db: Db): AtOnce<StoredCalls> {
  const writer = callWriter(db)
  const oneSound = db.prepare('SELECT name, text, address FROM sounds WHERE id = ?')
  const one = db.prepare(`SELECT ${COLUMNS}, how, answered, talk, trace FROM records WHERE id = ?`)
  const sends = db.prepare('SELECT id, kind, receiver, place, state, created, ended, why FROM outbox WHERE call = ? ORDER BY created, id LIMIT ?')
  const recordings = db.prepare('SELECT id, place, seconds, state, noticed, bytes FROM recordings WHERE call = ? ORDER BY noticed, id')
  const span = db.prepare(`SELECT ${COLUMNS}, answered, trace FROM records WHERE flow = ? AND begun >= ? AND begun < ? AND (begun, n) > (?, ?) ORDER BY begun, n LIMIT ?`)
  const age = db.prepare(`UPDATE records SET over = ?, how = 'unknown' WHERE n IN (SELECT n FROM records WHERE ${LIVE} AND begun < ? ORDER BY begun LIMIT ?)`)
  const forget = db.prepare('DELETE FROM records WHERE n IN (SELECT n FROM records WHERE begun < ? ORDER BY begun LIMIT ?)')
  const forgetSounds = db.prepare('DELETE FROM sounds WHERE seen < ?')

  function soundsOf(entries: readonly string[]): Map<string, HeardSound> {
    return new Map(soundsIn(entries).flatMap(id => {
      const row = first(oneSound, [id]) as { name: string; text: string; address: string } | undefined
      return row === undefined ? [] : [[id, { name: row.name, ...(row.text === '' ? {} : { text: row.text }), ...(row.address === '' ? {} : { address: row.address }) }] as const]
    }))
  }

  return {
    writeCalls: (lines, now) => writer.write(lines, now),
    settleCalls: most => writer.settle(most),

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
  return { id, flow, version, begun, over, seconds, caller, called, direction, at: at === '' ? null : at, ended, steps }
}
