/**
 * Calls on their way into their rows. What comes is on the disk at once, as the text that it is (the trail); what it says of
 * a call is gathered in memory and written to the call's row together, because a row costs as much as a hundred lines of
 * text. The trail of a process that was killed is gathered by whoever reads next.
 */
import { randomUUID } from 'node:crypto'
import type { CallRecord } from '../call-record.ts'
import { entryKey, entryOf, entryTime, idIn, isFirst, kindOf, readLine } from '../call-lines.ts'
import type { CallLine, EndLine, StepHead } from '../call-lines.ts'
import { first } from './open.ts'
import type { Db } from './open.ts'

/** Milliseconds that a call is gathered: most are over by then, and are written once. */
const GATHERED = 120_000
/** Calls that are gathered at a time, one and a half kilobytes each: those of two minutes with 160 new ones a second. */
const MOST_GATHERED = 20_000
/** Rows of a trail that are taken up in one transaction. */
const MOST_TAKEN = 4

/** What is live, of the columns of a record. */
export const LIVE = 'over IS NULL AND closed IS NULL'

export interface CallWriter {
  write(lines: string, now: number): void
  /** Writes so many of the calls that are gathered to their rows; whether there are more. */
  settle(most: number): boolean
}

/** What came of a call, as it came: it is read when it is written to its row, which most of it never meets while calls go on. */
interface Gathered {
  readonly steps: string[]
  /** What was told of its end; the carrier's word counts more than that none came. */
  end?: EndLine
  /** When the first of it came, and in which row of the trail. */
  readonly since: number
  readonly row: number
}

type Stepped = CallLine & { readonly kind: 'step' }

/** The steps of a call, in their order and each once. */
interface Read {
  readonly last: Stepped
  /** The first request, where it is among them. */
  readonly begun: StepHead | undefined
  /** The lowest of its steps. */
  readonly from: number
  readonly entries: readonly string[]
}

type Start = Pick<CallRecord, 'begun' | 'caller' | 'called' | 'direction'>

export function callWriter(db: Db): CallWriter {
  const trail = db.prepare('INSERT INTO trail (owner, lines) VALUES (?, ?)')
  const trailDone = db.prepare('DELETE FROM trail WHERE owner = ? AND n < ?')
  const othersTrail = db.prepare('SELECT n, lines FROM trail WHERE owner <> ? ORDER BY n LIMIT ?')
  const rowDone = db.prepare('DELETE FROM trail WHERE n = ?')
  const upsert = db.prepare(`INSERT INTO records (id, flow, version, begun, caller, called, direction, at, leads, steps, last, newest, closed, over, how, seconds, answered, talk, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, at = excluded.at, leads = excluded.leads, steps = steps + excluded.steps, last = excluded.last, newest = excluded.newest, closed = excluded.closed, trace = trace || char(10) || excluded.trace
    WHERE last < ? AND newest <= ?`)
  const known = db.prepare('SELECT trace, begun, caller, called, direction FROM records WHERE id = ?')
  const older = db.prepare('UPDATE records SET steps = ?, trace = ?, begun = ?, caller = ?, called = ?, direction = ? WHERE id = ?')
  const newer = db.prepare('UPDATE records SET version = ?, at = ?, leads = ?, last = max(last, ?), newest = ?, closed = ? WHERE id = ?')
  const end = db.prepare(`UPDATE records SET over = ?, how = ?, seconds = ?, answered = ?, talk = ? WHERE id = ? AND (how IS NULL OR how = 'unknown')`)
  const unknown = db.prepare(`UPDATE records SET over = ?, how = 'unknown' WHERE id = ? AND ${LIVE}`)
  const sound = db.prepare('INSERT INTO sounds (id, name, text, address, seen) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen')

  let owner: string = randomUUID()
  let calls = new Map<string, Gathered>()

  function gather(line: string, into: Map<string, Gathered>, since: number, row: number): void {
    const kind = kindOf(line)
    if (kind === 'sound') {
      const { sound: { id, name, text, address } } = readLine(line) as CallLine & { readonly kind: 'sound' }
      sound.run(id, name, text, address, since)
      return
    }
    const id = idIn(line)
    let call = into.get(id)
    if (call === undefined) {
      call = { steps: [], since, row }
      into.set(id, call)
    }
    if (kind === 'step') call.steps.push(line)
    else if (call.end === undefined || call.end.how === 'unknown') call.end = (readLine(line) as CallLine & { readonly kind: 'end' }).end
  }

  function writeCall(id: string, { steps, end: over }: Gathered): void {
    if (steps.length > 0) {
      const read = readSteps(steps)
      if (writeSteps(id, read, read.begun === undefined || over?.how === 'unknown' ? undefined : over)) return
    }
    if (over === undefined) return
    if (writeEnd(id, over) || known.all(id).length > 0) return
    // its steps may be in the trail of somebody else
    while (takeOthers());
    writeEnd(id, over)
  }

  function writeEnd(id: string, { at, how, seconds, answered, talk }: EndLine): boolean {
    return (how === 'unknown' ? unknown.run(at, id) : end.run(at, how, seconds ?? null, answered, talk, id)).changes > 0
  }

  /** Whether nothing is left to be written: the call was not known, and `over`, which goes with a first request only, stands in its row. */
  function writeSteps(id: string, { last, begun: start, from, entries }: Read, over: EndLine | undefined): boolean {
    const { version, step, head: { flow, at, leads } } = last
    const { begun, caller, called, direction } = start ?? last.head
    const closed = last.head.closed ? last.at : null
    const { changes } = upsert.run(
      id, flow, version, begun, caller, called, direction, at, leads, entries.length, step, last.at, closed,
      over?.at ?? null, over?.how ?? null, over?.seconds ?? null, over?.answered ?? '', over?.talk ?? 0, entries.join('\n'), from, entryTime(entries[0] as string),
    )
    // no step comes before the first: a row was changed only where there was none
    if (changes > 0) return over !== undefined
    // a request that came again, steps in another order than they were taken, or a call that went on with another version: what is known is left out
    const before = first(known, [id]) as Start & { readonly trace: string }
    const all = new Map<string, string>()
    for (const entry of [...before.trace.split('\n'), ...entries]) if (!all.has(entryKey(entry))) all.set(entryKey(entry), entry)
    const trace = [...all.values()].sort((a, b) => entryTime(a) - entryTime(b))
    const kept: Start = start ?? before
    older.run(trace.length, trace.join('\n'), kept.begun, kept.caller, kept.called, kept.direction, id)
    if (trace.at(-1) === entries.at(-1)) newer.run(version, at, leads, step, last.at, closed, id)
    return false
  }

  /** Writes calls that were gathered first, as long as `isDue` says so. */
  function writeDue(most: number, isDue: (call: Gathered) => boolean): void {
    let written = 0
    for (const [id, call] of calls) {
      if (written === most || !isDue(call)) break
      writeCall(id, call)
      calls.delete(id)
      written++
    }
    if (written === 0) return
    // the calls stand in the order in which the first of them came
    const [oldest] = calls.values()
    trailDone.run(owner, oldest?.row ?? Number.MAX_SAFE_INTEGER)
  }

  function takeOthers(): boolean {
    const rows = othersTrail.all(owner, MOST_TAKEN) as { n: number; lines: string }[]
    for (const { n, lines } of rows) {
      const theirs = new Map<string, Gathered>()
      for (const line of lines.split('\n')) gather(line, theirs, Date.now(), n)
      for (const [id, call] of theirs) writeCall(id, call)
      rowDone.run(n)
    }
    return rows.length === MOST_TAKEN
  }

  /** What breaks leaves the memory behind: it is gathered anew from the trail, as if somebody else had left it. */
  function whole<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      owner = randomUUID()
      calls = new Map()
      throw error
    }
  }

  return {
    write: (text, now) => whole(() => {
      const row = Number(trail.run(owner, text).lastInsertRowid)
      const lines = text.split('\n')
      for (const line of lines) gather(line, calls, now, row)
      // as many as could have come, so that what is gathered does not grow
      writeDue(lines.length, call => now - call.since >= GATHERED || calls.size > MOST_GATHERED)
    }),
    settle: most => whole(() => {
      writeDue(most, () => true)
      return takeOthers() || calls.size > 0
    }),
  }
}

function readSteps(lines: readonly string[]): Read {
  const entries = new Map<string, string>()
  let last = ''
  let newest = -Infinity
  let begun: StepHead | undefined
  let from = Infinity
  let isSorted = true
  for (const line of lines) {
    const { entry, key, step, at } = entryOf(line)
    if (entries.has(key)) continue
    entries.set(key, entry)
    from = Math.min(from, step)
    if (at >= newest) {
      newest = at
      last = line
    } else isSorted = false
    if (begun === undefined && isFirst(line)) begun = (readLine(line) as Stepped).head
  }
  const all = [...entries.values()]
  return { last: readLine(last) as Stepped, begun, from, entries: isSorted ? all : all.sort((a, b) => entryTime(a) - entryTime(b)) }
}
