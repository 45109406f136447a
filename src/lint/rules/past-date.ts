import { readDates } from '../../compile/schedule/read-hours.ts'
import { DAY } from '../../compile/schedule/schedule.ts'
import { wallMinutes } from '../../compile/schedule/wall-clock.ts'
import { placeOf } from '../../parse/tree.ts'
import type { Path, Tree } from '../../parse/tree.ts'
import type { Fix, Span } from '../../problem/problem.ts'
import { asksSchedule } from '../asks-schedule.ts'
import type { Rule } from '../rule.ts'

export const pastDate: Rule = {
  name: 'past-date',
  severity: 'warning',
  why: 'A date that is over changes nothing any more; perhaps this year\'s was forgotten.',
  valid: `
start: who
timezone: Europe/Stockholm
schedules:
  office:
    open: { mon-fri: 08:00-17:00 }
    holidays: SE
${asksSchedule('office')}`,
  invalid: `
start: who
timezone: Europe/Stockholm
schedules:
  office:
    open: { mon-fri: 08:00-17:00 }
    except:
      2019-12-23: 08:00-12:00
${asksSchedule('office')}`,
  check({ flow, data, tree, outside: { now }, tell }) {
    if (now === undefined) return
    for (const { name, timezone } of flow.schedules) {
      const today = Math.floor(wallMinutes(timezone, now) / DAY)
      for (const dates of Object.keys(data.schedules?.[name]?.except ?? {})) {
        if ((readDates(dates).to ?? today) >= today) continue
        const path = ['schedules', name, 'except', dates]
        const fix = removal(tree, path)
        tell(path, { message: `\`${dates}\` is over`, help: 'delete the line, or write the next date', ...(fix === undefined ? {} : { fix }) }, 'key')
      }
    }
  },
}

/** The edit that deletes the line of a key, and with the last one the line of its map; undefined where a line holds something else, too. */
function removal(tree: Tree, path: Path): Fix | undefined {
  const { key, value } = placeOf(tree, path)
  const { key: mapKey, node: map } = placeOf(tree, path.slice(0, -1))
  if (key === undefined || mapKey === undefined || map.kind !== 'map') return undefined
  const own = lineAround(tree.text, key.start, value.end)
  const head = lineAround(tree.text, mapKey.start, mapKey.end + 1)
  if (own === undefined) return undefined
  if (map.entries.length > 1) return { safe: false, edits: [{ span: own, text: '' }] }
  return head?.end === own.start ? { safe: false, edits: [{ span: { start: head.start, end: own.end }, text: '' }] } : undefined
}

/** The whole line around a place; undefined where more stands on it than that and a remark. */
function lineAround(text: string, from: number, to: number): Span | undefined {
  const start = text.lastIndexOf('\n', from) + 1
  const newline = text.indexOf('\n', to)
  const isAlone = text.slice(start, from).trim() === '' && newline >= 0 && /^[ \t\r]*(#.*)?$/.test(text.slice(to, newline))
  return isAlone ? { start, end: newline + 1 } : undefined
}
