/**
 * How long a check takes, by stage and by rule, as a flow grows: ten times the states may take at most twelve times as
 * long, and a cold `tonval lint` of 50 states half a second.
 *
 *   npm run bench:lint -- [--rounds 3] [--rule NAME]
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { largeFlow, manyMistakes, ruleTime, SIZES, stages } from './lint-flows.ts'
import { FILE_RULES, RULES } from '../../src/lint/lint.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, rule: { type: 'string' } } })
const rounds = Number(values.rounds)
/** Below this many milliseconds at the largest size a ratio is noise: what grows with the square takes longer. */
const NOISE = 100
const MOST_RATIO = 12

function cold(states: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-speed-'))
  try {
    const flows = join(folder, 'flows')
    mkdirSync(flows)
    writeFileSync(join(flows, 'large.yaml'), largeFlow(states))
    for (const sound of ['menu', 'welcome', 'ask', 'bye']) copyFileSync('flows/switchboard/thanks.mp3', join(flows, `${sound}.mp3`))
    const took = Array.from({ length: 2 * rounds + 1 }, () => {
      const began = performance.now()
      const { status, stderr } = spawnSync(process.execPath, ['build/src/cli/main.js', 'lint', flows], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`lint ended with ${status}: ${stderr}`)
      return performance.now() - began
    })
    return took.sort((a, b) => a - b)[rounds] as number
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const ms = (time: number): string => time.toFixed(time < 10 ? 1 : 0).padStart(8)

console.log('a cold process, milliseconds (median):')
for (const states of [50, 1000]) console.log(`${String(states).padStart(8)} states ${ms(cold(states))}`)

const tooSlow: string[] = []

/** One line: the times at all sizes, and how the last step compares. */
function row(name: string, times: readonly number[]): void {
  const [before = 0, last = 0] = times.slice(-2)
  const ratio = last / Math.max(before, 0.01)
  if (last > NOISE && ratio > MOST_RATIO) tooSlow.push(`${name}: ${ratio.toFixed(1)} times as long for ten times the states`)
  console.log(`${name.padEnd(28)}${times.map(ms).join('')}${last > NOISE ? `   ×${ratio.toFixed(1)}` : ''}`)
}

const runs = SIZES.map(states => stages(largeFlow(states), rounds))
console.log(`\na good flow, milliseconds at ${SIZES.join(', ')} states:`)
for (const { name } of runs[0] ?? []) row(name, runs.map(run => run.find(one => one.name === name)?.time ?? 0))
console.log('\neach rule over a flow that is full of its mistake, milliseconds:')
for (const rule of [...RULES, ...FILE_RULES].filter(one => values.rule === undefined || one.name === values.rule)) row(rule.name, SIZES.map(states => ruleTime(rule.name, manyMistakes(rule, states), rounds)))
console.log(tooSlow.length === 0 ? `\nten times the states never take more than ${MOST_RATIO} times as long` : `\ntoo slow:\n${tooSlow.join('\n')}`)
process.exitCode = tooSlow.length === 0 ? 0 : 1
