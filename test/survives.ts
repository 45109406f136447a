/** One input through everything that an author's text goes through: read, checked, mended, shown. Throws where it does not survive. */
import { check } from '../src/check.ts'
import { mend } from '../src/cli/fix.ts'
import { renderCompact } from '../src/problem/render-compact.ts'
import { renderPretty } from '../src/problem/render-pretty.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { SOUND_NAMES } from './mutants.ts'

export const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }
const BYE = 'start: bye\nstates:\n  bye: { play: sound/beep, next: end }\n'
export const SOUNDS = new Map(SOUND_NAMES.map(name => [name, { hash: name, format: 'mp3' as const }]))

/** Seconds of CPU that an input took, as a flow or as scripted calls, whichever took longer. */
export function survives(text: string, mends: boolean): number {
  const flow = { flows: [{ name: 'a', path: 'a.yaml', text }], sounds: SOUNDS, others: [] }
  const took = [flow, { ...flow, flows: [{ name: 'a', path: 'a.yaml', text: BYE }], calls: [{ name: 'a', path: 'a.calls.yaml', text }] }].map(set => {
    const before = process.cpuUsage()
    const { problems } = check(set, SETTINGS)
    const sources = new Map([...set.flows, ...('calls' in set ? set.calls : [])].map(file => [file.path, file.text]))
    if (!problems.every(({ span, file }) => span.start >= 0 && span.end >= span.start && span.end <= (sources.get(file) ?? '').length)) throw new Error('a problem lies outside the text')
    const findings = { problems, sources, checked: { files: [...sources.keys()], states: 0 } }
    renderPretty({ ...findings, problems: problems.slice(0, 50) }, { color: false, width: 100 })
    renderCompact(findings)
    return process.cpuUsage(before).user / 1e6
  })
  if (mends) mend(flow, SETTINGS, false, undefined)
  return Math.max(...took)
}
