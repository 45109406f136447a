/** Every way of changing files that people and programs have, once each; `npm run test:reload` makes each many times. */
import t from 'tap'
import { ONE_FILE } from './reload/one-file.ts'
import { SEVERAL } from './reload/several.ts'
import { has, randomFrom, runEdits } from './reload/suite.ts'
import type { Edit } from './reload/edit.ts'

const AT_ONCE = 4

void t.test('edits', { timeout: 280_000 }, async t => {
  const edits: Edit[] = []
  for (const edit of [...ONE_FILE, ...SEVERAL].filter(edit => edit.full !== true)) {
    if (edit.needs !== undefined && !(await has(edit.needs))) t.pass(edit.name, { skip: `${edit.needs} is not installed` })
    else edits.push(edit)
  }
  await runEdits(edits, randomFrom(20261123), AT_ONCE, ({ edit, wrong }) => { t.same(wrong, [], edit.name) })
})
