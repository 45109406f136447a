/**
 * The full form of the suite of edits: every row many times, with other pauses each time. Prints a table.
 *
 *   npm run test:reload -- [--repeats 20] [--seed 1] [--rows REGEX] [--at-once 4] [--table FILE]
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Edit } from './edit.ts'
import { ONE_FILE } from './one-file.ts'
import { SEVERAL } from './several.ts'
import { has, randomFrom, runEdits } from './suite.ts'
import type { Outcome } from './suite.ts'

const { values } = parseArgs({ options: { repeats: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, rows: { type: 'string', default: '' }, 'at-once': { type: 'string', default: '4' }, table: { type: 'string' } } })
// so that the servers are ended too
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const repeats = Number(values.repeats)
const seed = Number(values.seed)

const edits: Edit[] = []
for (const edit of [...ONE_FILE, ...SEVERAL].filter(edit => new RegExp(values.rows).test(edit.name))) {
  if (edit.needs === undefined || (await has(edit.needs))) edits.push(edit)
  else console.log(`skipped, because ${edit.needs} is not installed: ${edit.name}`)
}
const outcomes = new Map<string, Outcome[]>(edits.map(edit => [edit.name, []]))
const random = randomFrom(seed)
const middle = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN

/** What came of all repeats so far. */
function table(repeats: number): string {
  const rows = [...outcomes].map(([name, list]) => {
    const right = list.filter(one => one.wrong.length === 0)
    const swaps = [...new Set(right.map(one => one.swaps))].sort((a, b) => a - b)
    return `| ${name} | ${right.length} of ${list.length} | ${swaps.join(', ')} | ${(middle(right.map(one => one.took)) / 1000).toFixed(1)} |`
  })
  const all = [...outcomes.values()].flat()
  return `# The last run of the suite of edits

${all.filter(one => one.wrong.length === 0).length} of ${all.length} edits ended right: ${repeats} repeats, seed ${seed}, Node ${process.versions.node}. The seconds
(the median) are from the end of the edit until the log told its outcome, which it does every quarter of a second, on a
machine that did much else at the same time.

| edit | right | swaps | s |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

for (let repeat = 1; repeat <= repeats; repeat++) {
  await runEdits(edits, random, Number(values['at-once']), outcome => {
    outcomes.get(outcome.edit.name)?.push(outcome)
    for (const wrong of outcome.wrong) console.log(`repeat ${repeat}, ${outcome.edit.name}: ${wrong}`)
  })
  console.log(`${repeat} of ${repeats}`)
  // written each time: who stops a run that takes an hour keeps what it found
  if (values.table !== undefined) writeFileSync(values.table, table(repeat))
}
console.log(table(repeats))
process.exitCode = [...outcomes.values()].flat().some(one => one.wrong.length > 0) ? 1 : 0
