/** What stands after the `?` of a request, read; or in words what is wrong with it. */
import { dayOf } from '../compile/schedule/read-hours.ts'
import { nearest } from '../validate/nearest.ts'
import { quoted } from '../validate/words.ts'

/** Letters of what somebody wrote that a refusal repeats. */
const MOST_SAID = 64
/** The year 3000, in days since 1970. */
const FAR_OFF = Date.UTC(3000, 0, 1) / 86_400_000
const TIME = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** The texts by their names. What nobody reads would be left out of account in silence, and of a name that comes twice one of both. */
export function readQuery<Name extends string>(query: unknown, names: readonly Name[]): { readonly [name in Name]?: string } | string {
  for (const [name, text] of Object.entries(query as Readonly<Record<string, unknown>>)) {
    if (!(names as readonly string[]).includes(name)) {
      const word = nearest(name, names)
      return `nothing is asked for by \`${name.slice(0, MOST_SAID)}\`; ${word === undefined ? `what can be asked for: ${quoted(names)}` : `did you mean \`${word}\`?`}`
    }
    if (typeof text !== 'string') return `\`${name}\` stands there more than once`
  }
  return query as { readonly [name in Name]?: string }
}

/** A day in days since 1970; undefined for what is none, as 2026-02-31, or so far off that clocks are not known there. */
export function readDay(text: string): number | undefined {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? dayOf(text) : undefined
  return day !== undefined && day >= 0 && day < FAR_OFF ? day : undefined
}

/** A day (its begin in UTC) or a time with its zone, in milliseconds since 1970; undefined for what is none. */
export function readTime(text: string): number | undefined {
  const day = TIME.exec(text)?.[1]
  const time = day === undefined || dayOf(day) === undefined ? NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** A number from 1 to `most`; undefined for what is none. */
export function readCount(text: string, most: number): number | undefined {
  return /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : undefined
}
