/** Lists, tables, switches and schedules: what of them is another, in words. */
import type { Flow } from '../compile/flow.ts'
import type { Schedule } from '../compile/schedule/schedule.ts'
import { listed } from './change.ts'

/** One of them that differs. */
export interface DeclaredChange {
  readonly name: string
  readonly text: string
}

/** What callers can notice of lists, tables, switches and schedules that are in both flows; of those that come or go, the states tell. */
export function declaredChanges(before: Flow, after: Flow): DeclaredChange[] {
  const changes: DeclaredChange[] = []
  const add = (kind: string, name: string, what: readonly string[]): void => { if (what.length > 0) changes.push({ name, text: `the ${kind} \`${name}\` ${listed(what)}` }) }
  for (const [name, now, was] of shared(before.lists, after.lists)) {
    const entries = (list: typeof now): string[] => [...Object.keys(list.numbers), ...Object.keys(list.prefixes).map(prefix => `${prefix}*`)]
    const [old, all] = [new Set(entries(was)), new Set(entries(now))]
    const [more, fewer] = [count(all, one => !old.has(one)), count(old, one => !all.has(one))]
    add('list', name, [...(more > 0 ? [`has ${more} more`] : []), ...(fewer > 0 ? [`has lost ${fewer}`] : [])])
  }
  for (const [name, now, was] of shared(before.tables, after.tables)) {
    const keys = Object.keys(now.rows)
    const more = count(keys, key => !Object.hasOwn(was.rows, key))
    const fewer = count(Object.keys(was.rows), key => !Object.hasOwn(now.rows, key))
    const same = JSON.stringify(now.columns) === JSON.stringify(was.columns)
    const other = count(keys, key => Object.hasOwn(was.rows, key) && JSON.stringify(was.rows[key]) !== JSON.stringify(now.rows[key]))
    add('table', name, [
      ...(same ? [] : ['has other columns']), ...(more > 0 ? [`has ${rows(more)} more`] : []), ...(fewer > 0 ? [`has lost ${rows(fewer)}`] : []),
      ...(same && other > 0 ? [`says something else in ${rows(other)}`] : []),
    ])
  }
  for (const [name, now, was] of shared(before.switches, after.switches)) {
    add('switch', name, [
      ...(now.choices.join('\n') === was.choices.join('\n') ? [] : [`now stands at ${now.choices.join(', ')}, before: ${was.choices.join(', ')}`]),
      ...(now.default === was.default ? [] : [`is now ${now.default} until somebody flips it, before: ${was.default}`]),
      ...(now.turnsOffAfter === was.turnsOffAfter ? [] : [`goes back to its default ${now.turnsOffAfter === undefined ? 'no more by itself' : `after ${now.turnsOffAfter} min`}, before: ${was.turnsOffAfter === undefined ? 'never' : `after ${was.turnsOffAfter} min`}`]),
    ])
  }
  for (const [name, now, was] of shared(schedulesOf(before), schedulesOf(after))) {
    const differs = (key: 'week' | 'special'): boolean => JSON.stringify(now[key]) !== JSON.stringify(was[key])
    add('schedule', name, [
      ...(now.timezone === was.timezone ? [] : [`goes by the clocks of ${now.timezone}, before: ${was.timezone}`]),
      ...(differs('week') ? ['has other hours'] : []), ...(differs('special') ? ['has other holidays or exceptions'] : []),
    ])
  }
  return changes
}

/** By name, those of a flow that it runs behind that one's name. */
function schedulesOf({ schedules, sections }: Flow): Readonly<Record<string, Schedule>> {
  return Object.fromEntries(schedules.map((schedule, index) => {
    const section = sections.findLast(one => one.schedules <= index)
    return [section === undefined || section === sections[0] ? schedule.name : `${section.name}/${schedule.name}`, schedule]
  }))
}

function shared<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): (readonly [name: string, now: T, was: T])[] {
  return Object.entries(after).flatMap(([name, now]) => (Object.hasOwn(before, name) ? [[name, now, before[name] as T] as const] : []))
}

function count<T>(all: Iterable<T>, counts: (one: T) => boolean): number {
  return [...all].filter(counts).length
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`
}
