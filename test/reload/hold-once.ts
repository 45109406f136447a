/** The quick form of the suite of edits: each row once, as a test. */
import t from 'tap'
import type { Edit } from './edit.ts'
import { has, randomFrom, runEdits } from './suite.ts'

const AT_ONCE = 4

/** Makes a test of the rows; one whose program is missing is skipped aloud. */
export function holdOnce(name: string, edits: readonly Edit[]): void {
  void t.test(name, { timeout: 280_000 }, async t => {
    const possible: Edit[] = []
    for (const edit of edits.filter(one => one.full !== true)) {
      if (edit.needs === undefined || (await has(edit.needs))) possible.push(edit)
      else t.pass(edit.name, { skip: `${edit.needs} is not installed` })
    }
    await runEdits(possible, randomFrom(20261123), AT_ONCE, ({ edit, wrong }) => { t.same(wrong, [], edit.name) })
  })
}
