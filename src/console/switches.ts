/** Switches over HTTP: how they stand, and flipping one. A flip is answered when it is on the disk, and holds from the next request on. */
import type { FastifyInstance } from 'fastify'
import type { Flow } from '../compile/flow.ts'
import { standing } from '../compile/switch.ts'
import type { Switch } from '../compile/switch.ts'
import type { SwitchStore } from '../store/switch-store.ts'
import { nearest } from '../validate/nearest.ts'
import { quoted } from '../validate/words.ts'
import { refuse } from './refuse.ts'
import type { SwitchShown, SwitchesShown } from './shapes/switches.ts'

export interface SwitchParts {
  readonly switches: SwitchStore
  /** The flows in force: their switches are those that can be flipped. */
  readonly live: () => ReadonlyMap<string, Flow>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Letters of a name that stands on record. */
const MOST_BY = 100
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** Ten years: longer is a slip. */
const MOST_TIME = 3650 * 86_400_000

/** Milliseconds of a time such as `4h`, `90m`, `1h30m`; undefined for what is none. */
export function readDuration(text: string): number | undefined {
  if (!/^(\d{1,6}[smhd])+$/.test(text)) return undefined
  const time = [...text.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] ?? 0), 0)
  return time > 0 && time <= MOST_TIME ? time : undefined
}

/** Adds `GET /api/switches` and `POST /api/switches/NAME` with `{ value, for?, by? }` as JSON or as a form. */
export async function switchRoutes(app: FastifyInstance, parts: SwitchParts): Promise<void> {
  await app.register(async own => {
    own.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))))
    own.get('/api/switches', async () => ({ version: 1, switches: shown(parts) }) satisfies SwitchesShown)
    own.post<{ Params: { name: string } }>('/api/switches/:name', async (request, reply) => {
      const { name } = request.params
      const one = declared(parts).get(name)?.one
      if (one === undefined) {
        const names = [...declared(parts).keys()]
        const word = nearest(name, names)
        return refuse(reply, 404, `no flow in force has a switch \`${name}\`; ${word !== undefined ? `did you mean \`${word}\`?` : names.length === 0 ? 'none has any' : `there ${names.length === 1 ? 'is' : 'are'} ${quoted(names)}`}`)
      }
      const flip = readFlip(one, request.body, parts.now())
      if (typeof flip === 'string') return refuse(reply, 422, flip)
      await parts.switches.flip({ name, ...flip })
      return { version: 1, switch: shown(parts).find(other => other.name === name) }
    })
  })
}

/** The switches of the flows in force; one that several share stands here once. */
function declared({ live }: SwitchParts): ReadonlyMap<string, { readonly one: Switch; readonly flows: readonly string[] }> {
  const found = new Map<string, { one: Switch; flows: string[] }>()
  for (const flow of [...live().values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const [name, one] of Object.entries(flow.switches)) {
      const known = found.get(name)
      if (known === undefined) found.set(name, { one, flows: [flow.name] })
      else known.flows.push(flow.name)
    }
  }
  return found
}

function shown(parts: SwitchParts): SwitchShown[] {
  const now = parts.now()
  return [...declared(parts)].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([name, { one, flows }]) => {
    const flip = parts.switches.flips.get(name)
    const value = standing(one, flip, now)
    const until = flip?.until === undefined || flip.value !== value || now >= flip.until ? {} : { until: iso(flip.until) }
    return {
      name, label: one.label, value, choices: one.choices, default: one.default, ...(one.turnsOffAfter === undefined ? {} : { turnsOffAfter: one.turnsOffAfter }), flows, ...until,
      record: parts.switches.record(name).map(past => ({ at: iso(past.at), by: past.by, value: past.value, ...(past.until === undefined ? {} : { until: iso(past.until) }) })),
    }
  })
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

/** What is to be recorded, or in words why not. */
function readFlip(one: Switch, body: unknown, now: number): { value: string; until?: number; at: number; by: string } | string {
  const { value, for: time, by } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const choices = quoted(one.choices, 'or')
  if (typeof value !== 'string') return `say in \`value\` how the switch is to stand: ${choices}`
  if (!one.choices.includes(value)) {
    const word = nearest(value, one.choices)
    return `it never stands at \`${value}\`; ${word === undefined ? `it stands at ${choices}` : `did you mean \`${word}\`?`}`
  }
  const lasts = time === undefined ? undefined : typeof time === 'string' ? readDuration(time) : undefined
  if (time !== undefined && lasts === undefined) return '`for` is a time such as 4h, 90m or 1h30m'
  if (by !== undefined && (typeof by !== 'string' || by.length > MOST_BY)) return `\`by\` is a name of at most ${MOST_BY} letters`
  const ends = lasts ?? (one.turnsOffAfter === undefined ? undefined : one.turnsOffAfter * 60_000)
  // at its default there is nothing to go back from
  return { value, ...(ends === undefined || value === one.default ? {} : { until: now + ends }), at: now, by: by === undefined || by === '' ? 'api' : by }
}
