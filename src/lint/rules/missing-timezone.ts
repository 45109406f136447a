import type { Path } from '../../parse/tree.ts'
import { placeOf } from '../../parse/tree.ts'
import type { FlowData } from '../../validate/document.ts'
import { addBehind, eachText } from '../written.ts'
import type { Rule } from '../rule.ts'

/** The first schedule that has no time zone of its own. */
function withoutZone({ schedules = {} }: FlowData): Path | undefined {
  const name = Object.keys(schedules).find(one => schedules[one]?.timezone === undefined)
  return name === undefined ? undefined : ['schedules', name]
}

export const missingTimezone: Rule = {
  name: 'missing-timezone',
  severity: 'warning',
  why: 'Without a time zone, today, now and opening hours are those of Greenwich.',
  valid: `
start: hello
timezone: Europe/Stockholm
states:
  hello: { play: "https://sounds.example.com/{{today}}.mp3", next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: "https://sounds.example.com/{{today}}.mp3", next: end }
`,
  check({ data, tree, tell }) {
    if (data.timezone !== undefined) return
    let first: Path | undefined
    eachText(data, (text, path) => {
      if (/\{\{\s*(today|time)\b/.test(text)) first ??= path
    })
    first ??= withoutZone(data)
    if (first === undefined) return
    const start = placeOf(tree, ['start'])
    const zone = data.language === 'sv' || data.numbers?.some(number => number.startsWith('+46')) === true ? 'Europe/Stockholm' : undefined
    const fix = zone === undefined || start.key === undefined ? undefined : addBehind(tree, ['start'], `timezone: ${zone}`, false)
    tell(first, {
      message: `this ${first[0] === 'schedules' ? 'depends on' : 'names'} the time, and the flow has no time zone`, effect: 'it would be the time of Greenwich', help: 'write `timezone:` at the top, as in `timezone: Europe/Stockholm`', ...(fix === undefined ? {} : { fix }),
    }, first[0] === 'schedules' ? 'key' : 'value')
  },
}
