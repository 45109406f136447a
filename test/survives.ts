/** One input through everything that an author's text goes through: read, checked, mended, shown. Throws where it does not survive. */
import { check } from '../src/check.ts'
import { mend } from '../src/cli/fix.ts'
import { applyFixes } from '../src/lint/apply-fixes.ts'
import { renderCompact } from '../src/problem/render-compact.ts'
import { renderPretty } from '../src/problem/render-pretty.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { SOUND_NAMES } from './mutants.ts'

export const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }
export const SOUNDS = new Map(SOUND_NAMES.map(name => [name, { hash: name, format: 'mp3' as const }]))

/** Seconds of CPU that an input took, as a flow and as scripted calls. */
export function survives(text: string, mends: boolean): number {
  const before = process.cpuUsage()
  const set = { flows: [{ name: 'a', path: 'a.yaml', text }], calls: [{ name: 'a', path: 'a.calls.yaml', text }], sounds: SOUNDS, others: [] }
  const { problems } = check(set, SETTINGS)
  if (!problems.every(({ span }) => span.start >= 0 && span.end >= span.start && span.end <= text.length)) throw new Error('a problem lies outside the text')
  const findings = { problems, sources: new Map([['a.yaml', text], ['a.calls.yaml', text]]), checked: { files: ['a.yaml', 'a.calls.yaml'], states: 0 } }
  renderPretty({ ...findings, problems: problems.slice(0, 50) }, { color: false, width: 100 })
  renderCompact(findings)
  applyFixes(text, problems.filter(problem => problem.file === 'a.yaml'), true)
  const { user } = process.cpuUsage(before)
  if (mends) mend(set, SETTINGS, false, undefined)
  return user / 1e6
}
