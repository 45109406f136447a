/**
 * How good lint is: a corpus of mistakes that are known, and how fast.
 *
 *   npm run bench:lint [-- --misses 5] [--seed 47] [--doubles] [--write]
 *
 * `--write` checks the percentages in as the ratchet that test/lint-corpus.test.ts holds. Another seed draws other
 * mistakes, `--doubles` looks at pairs of mistakes only.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { validFlows } from './bases.ts'
import { baseOf } from './base.ts'
import { corpus, SEED } from './corpus.ts'
import { listMisses } from './misses.ts'
import { GOALS, RATCHET, percent, ratchet } from './ratchet.ts'
import { MEASURES, problemsIn, score } from './score.ts'
import { speeds } from './speed.ts'

const { values } = parseArgs({ options: { misses: { type: 'string', default: '3' }, write: { type: 'boolean' }, only: { type: 'string' }, seed: { type: 'string' }, doubles: { type: 'boolean' }, 'no-speed': { type: 'boolean' } } })
const made = corpus(values.seed === undefined ? SEED : Number(values.seed))
const began = process.cpuUsage()
const { scores, misses } = score(values.doubles === true ? [] : made.singles, made.doubles)
for (const { name, text, others } of validFlows()) {
  const errors = problemsIn(text, baseOf(name, text, others).sounds, others).filter(problem => problem.severity === 'error')
  scores['valid without error'].of++
  if (errors.length === 0) scores['valid without error'].hits++
  else console.log(`a false error in ${name}: ${errors[0]?.code} ${errors[0]?.message}`)
}
const seconds = process.cpuUsage(began).user / 1e6
console.log(listMisses(misses, Number(values.misses), values.only))
console.log('not counted, because it is no mistake:')
for (const [reason, times] of [...made.excluded].sort((a, b) => b[1] - a[1])) console.log(`  ${String(times).padStart(5)}  ${reason}`)
console.log(`\n${made.singles.length} single mistakes, ${made.doubles.length} double ones, ${made.bases.length} flows, ${seconds.toFixed(1)} s of the processor\n`)
console.log('| measure | goal | now | of |\n| --- | --- | --- | --- |')
for (const measure of MEASURES.filter(one => scores[one].of > 0)) console.log(`| ${measure} | ${GOALS[measure]} % | ${percent(scores[measure])} % | ${scores[measure].of} |`)
if (values.write === true && values.seed === undefined && values.doubles !== true) writeFileSync(RATCHET, `${JSON.stringify(ratchet(scores), null, 2)}\n`)
if (values['no-speed'] !== true) console.log(`\n${speeds()}`)
