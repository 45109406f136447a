/** The numbers of a day over HTTP: how many called a flow, how their calls ended, and where its menus lose them. */
import type { FastifyInstance } from 'fastify'
import { dayBegins, wallMinutes } from '../compile/schedule/wall-clock.ts'
import type { CallEnd, CallFigures, CallPlace, CallRecords } from '../store/call-record.ts'
import type { CallParts } from './call-routes.ts'
import { readDay, readQuery } from './query.ts'
import { refuse } from './refuse.ts'
import type { NumbersShown } from './shapes/numbers.ts'
import { shareWork } from './shared-work.ts'

const DAY = 1440
const QUARTER = 15

/** Adds `GET /api/flows/NAME/numbers?day=2026-03-02`; without a day, today. */
export async function numberRoutes(app: FastifyInstance, { store, live, now }: CallParts & { readonly now: () => number }): Promise<void> {
  // a busy day takes a second, and every page that shows it asks again as calls go on
  const share = shareWork<Whole>()
  app.get<{ Params: { name: string } }>('/api/flows/:name/numbers', async ({ params: { name }, query }, reply) => {
    const timezone = live().get(name)?.timezone
    if (timezone === undefined) return refuse(reply, 404, `there is no flow \`${name}\``)
    const read = readQuery(query, ['day'])
    if (typeof read === 'string') return refuse(reply, 400, read)
    const day = read.day === undefined ? Math.floor(wallMinutes(timezone, now()) / DAY) : readDay(read.day)
    if (day === undefined) return refuse(reply, 400, '`day` is a day of the calendar such as 2026-03-02')
    try {
      return { version: 1, flow: name, day: new Date(day * 86_400_000).toISOString().slice(0, 10), timezone, ...shown(await share(`${name} ${day} ${timezone}`, () => whole(store, name, dayBegins(timezone, day), dayBegins(timezone, day + 1))), timezone) } satisfies NumbersShown
    } catch (error) {
      return refuse(reply, 503, (error as Error).message)
    }
  })
}

type Counts = Map<string, number>
type Whole = Awaited<ReturnType<typeof whole>>

/** A day's figures, added up from the parts in which the store gives them. */
async function whole(store: CallRecords, flow: string, since: number, until: number) {
  const quarters: Counts = new Map()
  const ends: Counts = new Map()
  const edges: Counts = new Map()
  const menus = new Map<string, { asked: number; silence: number; wrong: number; keys: Counts }>()
  const human: number[] = []
  let [calls, live] = [0, 0]
  let after: CallPlace | null = null
  do {
    const part: CallFigures = await store.callFigures(flow, since, until, after)
    calls += part.calls
    live += part.live
    for (const [quarter, count] of part.quarters) add(quarters, String(quarter), count)
    for (const [end, count] of part.ends) add(ends, end, count)
    for (const { from, event, to, count } of part.edges) add(edges, JSON.stringify([from, event, to]), count)
    for (const { state, asked, silence, wrong, keys } of part.menus) {
      const menu = menus.get(state) ?? { asked: 0, silence: 0, wrong: 0, keys: new Map<string, number>() }
      menus.set(state, { asked: menu.asked + asked, silence: menu.silence + silence, wrong: menu.wrong + wrong, keys: menu.keys })
      for (const [key, count] of keys) add(menu.keys, key, count)
    }
    for (const one of part.human) human.push(one)
    after = part.next
  } while (after !== null)
  return { calls, live, quarters, ends, edges, menus, human }
}

function add(counts: Counts, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}

function shown({ calls, live, quarters, ends, edges, menus, human }: Whole, timezone: string) {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, calls: 0 }))
  for (const [quarter, count] of quarters) {
    const hour = hours[Math.floor((wallMinutes(timezone, Number(quarter) * QUARTER * 60_000) % DAY) / 60)]
    if (hour !== undefined) hour.calls += count
  }
  const sorted = [...human].sort((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  return {
    calls, live, hours,
    ends: mostFirst(ends).map(([reason, count]) => ({ reason: reason as CallEnd, count })),
    menus: [...menus].map(([state, menu]) => ({ state, ...menu, keys: mostFirst(menu.keys).map(([key, count]) => ({ key, count })) })).sort((a, b) => b.silence + b.wrong - a.silence - a.wrong || b.asked - a.asked || (a.state < b.state ? -1 : 1)),
    human: { calls: sorted.length, median: middle === undefined ? null : Math.round(middle / 100) / 10 },
    edges: mostFirst(edges).map(([key, count]) => {
      const [from, event, to] = JSON.parse(key) as [string, string, string]
      return { from, event, to, count }
    }),
  }
}

/** By their counts, the largest first; those that are equal by name. */
function mostFirst(counts: Counts): (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}
