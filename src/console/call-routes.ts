/** Calls over HTTP: those on record, and one of them step by step. */
import type { FastifyInstance } from 'fastify'
import { masked } from '../run/masked.ts'
import { CALL_ENDS } from '../store/call-record.ts'
import type { CallEnd, CallPlace, CallQuery, CallRecord, CallRecords, CallTrace, RecordedStep } from '../store/call-record.ts'
import { nearest } from '../validate/nearest.ts'
import { quoted } from '../validate/words.ts'
import { readCount, readQuery, readTime } from './query.ts'
import { refuse } from './refuse.ts'
import type { CallShown, CallsShown, StepShown, TraceShown } from './shapes/calls.ts'

export interface CallParts {
  readonly store: CallRecords
  readonly live: () => ReadonlyMap<string, { readonly timezone: string }>
}

const USUAL = 100
const MOST = 1000
/** Parts of the store that one request looks through: calls of a state may be rare. */
const MOST_PARTS = 50
const PLACE = /^([0-9a-z]{1,11})-([0-9a-z]{1,11})$/

/** Adds `GET /api/calls` and `GET /api/calls/ID`. */
export async function callRoutes(app: FastifyInstance, parts: CallParts): Promise<void> {
  const { store, live } = parts
  const zone = (flow: string): string => live().get(flow)?.timezone ?? 'UTC'

  app.get('/api/calls', async ({ query }, reply) => {
    const wanted = wantedBy(query)
    if (typeof wanted === 'string') return refuse(reply, 400, wanted)
    try {
      const { calls, next } = await page(store, wanted)
      return { version: 1, calls: calls.map(call => shownCall(call, zone(call.flow))), next: next === null ? null : `${next.begun.toString(36)}-${next.n.toString(36)}` } satisfies CallsShown
    } catch (error) {
      return refuse(reply, 503, (error as Error).message)
    }
  })

  app.get<{ Params: { id: string } }>('/api/calls/:id', async ({ params: { id } }, reply) => {
    try {
      const trace = await store.call(id)
      return trace === undefined ? await refuse(reply, 404, 'there is no such call on record') : shownTrace(trace, zone(trace.call.flow))
    } catch (error) {
      return refuse(reply, 503, (error as Error).message)
    }
  })
}

/** Parts of the store until there are enough, or no more. */
async function page(store: CallRecords, query: CallQuery): Promise<{ calls: CallRecord[]; next: CallPlace | null }> {
  const calls: CallRecord[] = []
  let before = query.before
  for (let part = 0; part < MOST_PARTS; part++) {
    const found = await store.calls({ ...query, ...(before === undefined ? {} : { before }), limit: query.limit - calls.length })
    calls.push(...found.calls)
    if (found.next === null) return { calls, next: null }
    before = found.next
    if (calls.length >= query.limit) break
  }
  return { calls, next: before ?? null }
}

/** Which calls are asked for, or in words what is wrong with that. */
function wantedBy(query: unknown): CallQuery | string {
  const read = readQuery(query, ['since', 'until', 'flow', 'state', 'end', 'live', 'limit', 'before'])
  if (typeof read === 'string') return read
  const { flow, state, end, live, before } = read
  const times: { since?: number; until?: number } = {}
  for (const name of ['since', 'until'] as const) {
    const text = read[name]
    const time = text === undefined ? undefined : readTime(text)
    if (time !== undefined) times[name] = time
    else if (text !== undefined) return `\`${name}\` is a day such as 2026-03-02, or a time with its zone such as 2026-03-02T14:00:00Z (in an address, \`+\` is written \`%2B\`)`
  }
  if (end !== undefined && !(CALL_ENDS as readonly string[]).includes(end)) {
    const word = nearest(end, CALL_ENDS)
    return `no call ends by \`${end}\`; ${word === undefined ? `they end by ${quoted(CALL_ENDS, 'or')}` : `did you mean \`${word}\`?`}`
  }
  if (live !== undefined && live !== 'true') return '`live` is `true`, or left out'
  const limit = read.limit === undefined ? USUAL : readCount(read.limit, MOST)
  if (limit === undefined) return `\`limit\` is a number from 1 to ${MOST}`
  const [begun, n] = (PLACE.exec(before ?? '') ?? []).slice(1).map(part => parseInt(part, 36))
  if (before !== undefined && (!Number.isSafeInteger(begun) || !Number.isSafeInteger(n))) return '`before` is what the answer before had as `next`'
  return {
    ...times, ...(flow === undefined ? {} : { flow }), ...(state === undefined ? {} : { state }), ...(end === undefined ? {} : { end: end as CallEnd }), ...(live === undefined ? {} : { live: true }),
    limit, ...(begun === undefined || n === undefined ? {} : { before: { begun, n } }),
  }
}

function shownCall({ id, flow, version, begun, over, seconds, caller, called, direction, at, ended, steps }: CallRecord, timezone: string): CallShown {
  return { id, flow, version, start: iso(begun), end: over === null ? null : iso(over), seconds, caller, called, direction, at, ended, steps, timezone }
}

function shownTrace({ call, steps, sends, recordings, reported, answered }: CallTrace, timezone: string): TraceShown {
  return {
    ...shownCall(call, timezone), reported, answered, trace: steps.map(shownStep),
    sends: sends.map(({ id, kind, receiver, place, state, created, ended, why }) => ({
      id, kind, to: kind === 'sms' || kind === 'call' ? masked(receiver) : receiver, item: place, state, created: iso(created), ...(ended === null ? {} : { ended: iso(ended) }), ...(why === null ? {} : { why }),
    })),
    recordings: recordings.map(({ id, place, seconds, state, noticed, bytes }) => ({ id, item: place, seconds, state, noticed: iso(noticed), bytes })),
  }
}

/** As the log shows it: where it came from and went to, what happened first, and what was passed. */
function shownStep({ at, moves, last, ...rest }: RecordedStep): StepShown {
  const [first] = moves
  return {
    at: iso(at), ...rest, from: first?.from ?? '', event: first?.event ?? '', to: moves.at(-1)?.to ?? '',
    ...(moves.length > 1 ? { via: moves.slice(0, -1).map(({ to }) => to), moves } : {}), ...(last ? { last } : {}),
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
