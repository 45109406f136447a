/** Problems as lint tells them, in its own words: how bad, where, what, and what to do. */
import { useMemo, useState } from 'preact/hooks'
import type { JsonProblem } from './api-shapes.ts'
import { Ticked } from './notice.tsx'
import type { Scene } from './scene.ts'
import { bySeverity } from './state-problems.ts'
import { useWords } from './words.ts'

/** Problems that are shown before somebody asks for more: nobody reads on, and a page with thousands is slow. */
const MOST = 200

/** The problems, the worst first. `here`: the file whose name need not be said. `scene`: the picture on which a state with a problem is chosen by a click. */
export function ProblemList({ problems, here, scene }: { readonly problems: readonly JsonProblem[]; readonly here?: string; readonly scene?: Scene }) {
  const words = useWords()
  const [areAll, showAll] = useState(false)
  const sorted = useMemo(() => bySeverity(problems), [problems])
  const states = useMemo(() => new Map([...scene?.problems ?? []].flatMap(([state, list]) => list.map(problem => [problem, state] as const))), [scene?.problems])
  const shown = areAll ? sorted : sorted.slice(0, MOST)
  return <ul class="problems">
    {shown.map(problem => {
      const state = states.get(problem)
      return <li key={`${problem.code} ${problem.file} ${problem.range.start.offset}`} class={`problem ${problem.severity}`}>
        <p class="problem-place"><span class="severity">{words.severities[problem.severity]}</span> {isHere(problem.file, here) ? '' : <code title={problem.file}>{problem.file.replace(/^.*[\\/]/, '')}</code>} {words.lineNumber(problem.range.start.line)} {state !== undefined && <button class="link" aria-label={words.showState(state)} onClick={() => scene?.select(state)}>{state}</button>} <span class="code">{problem.code}</span></p>
        <p class="problem-message" lang="en"><Ticked text={problem.message} /></p>
        {problem.help !== undefined && <p class="problem-help" lang="en"><Ticked text={problem.help} /></p>}
      </li>
    })}
    {shown.length < sorted.length && <li><button onClick={() => showAll(true)}>{words.andMore(sorted.length - shown.length)}</button></li>}
  </ul>
}

function isHere(file: string, here: string | undefined): boolean {
  return here !== undefined && new RegExp(`(?:^|[\\\\/])${here}\\.yaml$`).test(file)
}
