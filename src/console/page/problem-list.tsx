/** Problems as lint tells them, in its own words: how bad, where, what, and what to do. */
import type { JsonProblem } from './api-shapes.ts'
import { Ticked } from './notice.tsx'
import type { Scene } from './scene.ts'
import { bySeverity } from './state-problems.ts'
import { useWords } from './words.ts'

/** The problems, the worst first. `here`: the file whose name need not be said. `scene`: the picture on which a state with a problem is chosen by a click. */
export function ProblemList({ problems, here, scene }: { readonly problems: readonly JsonProblem[]; readonly here?: string; readonly scene?: Scene }) {
  const words = useWords()
  const stateOf = (problem: JsonProblem): string | undefined => [...scene?.problems ?? []].find(([, list]) => list.includes(problem))?.[0]
  return <ul class="problems">
    {bySeverity(problems).map(problem => {
      const state = stateOf(problem)
      return <li key={`${problem.code} ${problem.file} ${problem.range.start.offset}`} class={`problem ${problem.severity}`}>
        <p class="problem-place"><span class="severity">{words.severities[problem.severity]}</span> {isHere(problem.file, here) ? '' : <code title={problem.file}>{problem.file.replace(/^.*[\\/]/, '')}</code>} {words.lineNumber(problem.range.start.line)} {state !== undefined && <button class="link" aria-label={words.showState(state)} onClick={() => scene?.select(state)}>{state}</button>} <span class="code">{problem.code}</span></p>
        <p class="problem-message" lang="en"><Ticked text={problem.message} /></p>
        {problem.help !== undefined && <p class="problem-help" lang="en"><Ticked text={problem.help} /></p>}
      </li>
    })}
  </ul>
}

function isHere(file: string, here: string | undefined): boolean {
  return here !== undefined && new RegExp(`(?:^|[\\\\/])${here}\\.yaml$`).test(file)
}
