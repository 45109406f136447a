/** Lint held against mistakes that are known: what test/bench/lint measures may rise and not fall. */
import t from 'tap'
import { isMutation } from './bench/lint/mutation.ts'
import { baseOf } from './bench/lint/base.ts'
import { validFlows } from './bench/lint/bases.ts'
import { corpus } from './bench/lint/corpus.ts'
import { listMisses } from './bench/lint/misses.ts'
import { GOALS, percent, reached } from './bench/lint/ratchet.ts'
import { MEASURES, problemsIn, score } from './bench/lint/score.ts'

const made = corpus()

void t.test('the corpus is as large as it must be, and the same at every run', async t => {
  t.ok(made.singles.length >= 2000, `${made.singles.length} single mistakes`)
  t.ok(made.doubles.length >= 200, `${made.doubles.length} double ones`)
  t.same(corpus().singles.map(one => one.text), made.singles.map(one => one.text))
  for (const { base, mutations, text } of [...made.singles, ...made.doubles]) {
    if (text === base.text || mutations.some(one => !isMutation(one) || one.codes.length === 0 || one.at.length === 0)) t.fail(`${base.name}: nothing is known of ${mutations.map(one => one.what).join(' and ')}`)
    if (mutations.some(one => one.at.some(({ span }) => span.end < span.start || span.end > text.length + 200))) t.fail(`${base.name}: ${mutations[0]?.what} is nowhere`)
  }
})

void t.test('no percentage falls', async t => {
  const { scores, misses } = score(made.singles, made.doubles)
  const was = reached()
  for (const measure of MEASURES) {
    if (measure === 'valid without error') continue
    const now = percent(scores[measure])
    t.ok(now >= was[measure], `${measure}: ${now} %, and was ${was[measure]} %`, now >= was[measure] ? {} : { misses: listMisses(misses, 2, measure) })
    // both of two: some of what a broken line leaves cannot be told from it
    if (measure !== 'both of two') t.ok(was[measure] >= GOALS[measure], `${measure}: the goal is ${GOALS[measure]} %`)
  }
})

void t.test('no false error on any valid flow', async t => {
  for (const { name, text, others } of validFlows()) t.same(problemsIn(text, baseOf(name, text, others).sounds, others).filter(problem => problem.severity === 'error'), [], name)
})
