/** The README's gallery: what an author's first slips look like, and what lint says of each. */
import { readdirSync, readFileSync } from 'node:fs'
import { check } from '../src/check.ts'
import { exampleSet } from '../src/lint/example.ts'
import { PAGES } from '../src/lint/pages.ts'
import type { Page } from '../src/lint/rule.ts'
import type { Problem } from '../src/problem/problem.ts'
import { renderPretty } from '../src/problem/render-pretty.ts'
import { SETTINGS } from './survives.ts'

const FOLDER = 'test/cases/gallery'

/** The slips in the order of the gallery: file, title. */
const SLIPS: readonly (readonly [file: string, title: string])[] = [
  ['wrong-indentation', 'A line that is indented by one space too few'],
  ['tab', 'Tabs'],
  ['missing-colon', 'A colon forgotten'],
  ['no-space-after-colon', 'No space after the colon'],
  ['quote-not-closed', 'A quote that is not closed'],
  ['star', 'The star key without quotes'],
  ['hash', 'The hash key without quotes'],
  ['braces-without-quotes', 'A value without quotes'],
  ['same-name-twice', 'Two states of one name'],
  ['state-called-end', 'A state called `end`'],
  ['dial', '`dial` for `connect`'],
  ['two-things-at-once', 'A state that does two things'],
  ['keys-beside-the-ivr', 'Keys beside `ivr`, as in the carrier\'s JSON'],
  ['option-with-a-typo', 'A typo in an option'],
  ['seconds-in-words', 'Seconds in words'],
  ['timeout-too-long', 'A timeout that the carrier does not have'],
  ['typo-in-target', 'A typo in a target'],
  ['missing-sound', 'A sound that is not there'],
  ['number-as-people-write-it', 'A number as people write it'],
  ['nobody-thought-of-silence', 'A menu that forgets the silent caller'],
  ['round-and-round', 'A menu that a silent caller never leaves'],
]

/** Each slip with its text and the errors that it has. */
export function slips(): { readonly file: string; readonly title: string; readonly text: string; readonly problems: readonly Problem[] }[] {
  const known = SLIPS.map(([file]) => `${file}.yaml`)
  const left = readdirSync(FOLDER).filter(name => !known.includes(name))
  if (left.length > 0) throw new Error(`not in the list: ${left.join(', ')}`)
  return SLIPS.map(([file, title]) => {
    const text = readFileSync(`${FOLDER}/${file}.yaml`, 'utf8')
    const { sounds } = exampleSet([...PAGES.values()][0] as Page, 'valid')
    const { problems } = check({ flows: [{ name: 'menu', path: 'menu.yaml', text }], sounds }, SETTINGS)
    return { file, title, text, problems: problems.filter(problem => problem.severity === 'error') }
  })
}

/** The section of the README, from its heading on. */
export function galleryText(): string {
  const parts = slips().map(({ title, text, problems }) => {
    const shown = renderPretty({ problems, sources: new Map([['menu.yaml', text]]), checked: { files: ['menu.yaml'], states: 0 } }, { color: false, width: 100 })
    return `**${title}**\n\n\`\`\`text\n${shown.slice(0, shown.lastIndexOf('\n\n'))}\n\`\`\`\n`
  })
  return `### A gallery of slips\n\nWhat authors write in their first week, and what \`tonval lint\` says of it.\n\n<details><summary>${parts.length} slips</summary>\n\n${parts.join('\n')}\n</details>\n`
}
