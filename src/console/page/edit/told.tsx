/** Below the text: what is wrong with it, with a way there and a mend, and what it changes for callers. */
import type { JsonProblem } from '../api-shapes.ts'
import { ChangeList } from '../change-list.tsx'
import { Ticked } from '../notice.tsx'
import { bySeverity, isOf } from '../state-problems.ts'
import { useWords } from '../words.ts'
import { isDirty } from './desk.ts'
import type { DeskState } from './desk.ts'
import { fixWords } from './mends.ts'

export interface ToldProps {
  readonly name: string
  readonly state: DeskState
  readonly problems: readonly JsonProblem[]
  readonly trouble: string | undefined
  readonly go: (problem: JsonProblem) => void
  readonly fix: (problem: JsonProblem) => void
}

export function Told({ name, state, problems, trouble, go, fix }: ToldProps) {
  const words = useWords()
  const { said, text } = state
  const isOld = said?.text !== text
  const changes = said?.draft.changes
  const why = state.trouble ?? trouble
  return <div class="edit-told">
    <section aria-labelledby="edit-problems">
      <h2 id="edit-problems">{words.problems} <span class="sum" role="status">{why !== undefined ? words.notChecked(why) : said === undefined || isOld ? words.checking : problems.length === 0 ? words.noProblems : words.ofProblems(problems.length)}</span></h2>
      <ul class="edit-problems">{bySeverity(problems).map(problem => <li key={`${problem.file} ${problem.code} ${problem.range.start.offset}`} class={`edit-problem ${problem.severity}`}>
        {isOf(problem, name)
          ? <button class="link edit-line" aria-label={words.goToLine(problem.range.start.line)} disabled={isOld} onClick={() => go(problem)}>{problem.range.start.line}</button>
          : <code class="edit-line">{problem.file.split(/[\\/]/).at(-1)}:{problem.range.start.line}</code>}
        <div>
          <p><span class="unseen">{words.severities[problem.severity]}: </span><span lang="en"><Ticked text={problem.message} /></span></p>
          {problem.help !== undefined && <p class="sum" lang="en"><Ticked text={problem.help} /></p>}
          {problem.fix !== undefined && isOf(problem, name) && <button class="edit-fix" disabled={isOld} onClick={() => fix(problem)}>{fixWords(problem, text, words)}</button>}
        </div>
      </li>)}</ul>
    </section>
    {isDirty(state) && <section aria-labelledby="edit-changes">
      <h2 id="edit-changes">{words.changes}</h2>
      {changes === undefined || changes === null ? <p class="none">{words.changesUnknown} {state.drawing !== undefined && words.drawnBefore}</p> : <ChangeList changes={changes} flow={name} />}
    </section>}
    <p class="hint edit-keys">{words.editHint}</p>
  </div>
}
