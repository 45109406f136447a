import { readDates } from '../../compile/schedule/read-hours.ts'
import { DAY } from '../../compile/schedule/schedule.ts'
import { wallMinutes } from '../../compile/schedule/wall-clock.ts'
import { placeOf } from '../../parse/tree.ts'
import type { Path, Tree } from '../../parse/tree.ts'
import type { Fix } from '../../problem/problem.ts'
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
states:
  who:
    route:
      - { when: { schedule: office }, goto: desk }
      - { goto: bye }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: who
timezone: Europe/Stockholm
schedules:
  office:
    open: { mon-fri: 08:00-17:00 }
    except:
      2019-12-23: 08:00-12:00
states:
  who:
    route:
      - { when: { schedule: office }, goto: desk }
      - { goto: bye }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
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

/** The edit that deletes the line of a key; undefined where it has no line of its own, or is the last of its map. */
function removal(tree: Tree, path: Path): Fix | undefined {
  const { key, value } = placeOf(tree, path)
  const map = placeOf(tree, path.slice(0, -1)).node
  if (key === undefined || map.kind !== 'map' || map.entries.length < 2) return undefined
  const start = tree.text.lastIndexOf('\n', key.start) + 1
  const end = tree.text.indexOf('\n', value.end)
  const isAlone = tree.text.slice(start, key.start).trim() === '' && end >= 0 && /^[ \t\r]*(#.*)?$/.test(tree.text.slice(value.end, end))
  return isAlone ? { safe: false, edits: [{ span: { start, end: end + 1 }, text: '' }] } : undefined
}
