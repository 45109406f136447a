/**
 * A hundred thousand inputs through the check: none may crash it, none of up to 256 KiB take more than two seconds.
 *
 *   npm run fuzz:lint -- [--count 100000] [--seed 46]
 */
import { parseArgs } from 'node:util'
import { largeInputs, smallInputs } from '../fuzz-inputs.ts'
import { survives } from '../survives.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '46' } } })
const count = Number(values.count)
const MOST_SECONDS = 2
const BATCH = 1000

let failed = 0
let slowest = 0

function one(text: string, name: string): void {
  try {
    const seconds = survives(text, true)
    slowest = Math.max(slowest, seconds)
    if (seconds <= MOST_SECONDS) return
    console.log(`${name}: ${seconds.toFixed(1)} s for ${JSON.stringify(text.slice(0, 60))}…`)
  } catch (error) {
    console.log(`${name}: ${(error as Error).stack ?? ''}\n${JSON.stringify(text.slice(0, 2000))}`)
  }
  failed++
}

largeInputs().forEach((text, index) => one(text, `large ${index}`))
one(`title: ${'x'.repeat(1024 * 1024)}\nstart: s\n`, 'a line of a megabyte')
for (let done = 0; done < count; done += BATCH) {
  smallInputs(Math.min(BATCH, count - done), Number(values.seed) + done).forEach((text, index) => one(text, `small ${done + index}`))
  if (process.stderr.isTTY) process.stderr.write(`\r${done + BATCH} of ${count}`)
  else if ((done + BATCH) % 10_000 === 0) console.error(`${done + BATCH} of ${count}`)
}
console.log(`${count + largeInputs().length + 1} inputs, ${failed} failed, the slowest took ${slowest.toFixed(2)} s of CPU`)
process.exitCode = failed === 0 ? 0 : 1
