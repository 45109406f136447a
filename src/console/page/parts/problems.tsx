/** The problems of all flows. */
import type { JsonProblem } from '../api-shapes.ts'
import { useLive } from '../live.ts'
import { Empty, Loading, Ticked } from '../notice.tsx'
import { ProblemList } from '../problem-list.tsx'
import type { Part } from '../part.ts'
import { linkTo } from '../router.ts'
import { useWords } from '../words.ts'

export const problems: Part = { path: 'problems', label: words => words.problems, count: live => live.state?.problems.filter(problem => problem.severity === 'error').length ?? 0, View: Problems }

/** What keeps a flow from going live stands before what is only remarked on. */
const isWrong = (problems: readonly JsonProblem[]): boolean => problems.some(problem => problem.severity === 'error')

function Problems() {
  const words = useWords()
  const { state } = useLive()
  if (state === undefined) return <Loading />
  const names = new Set(state.flows.map(flow => flow.name))
  const byFlow = new Map<string, JsonProblem[]>()
  for (const problem of state.problems) {
    const flow = /([^/\\]*?)(?:\.calls)?\.yaml$/.exec(problem.file)?.[1] ?? ''
    const key = names.has(flow) ? flow : ''
    byFlow.set(key, [...(byFlow.get(key) ?? []), problem])
  }
  return <div class="sheet">
    <div class="sheet-head"><h1>{words.problems}</h1>{state.problems.length > 0 && <p class="sum">{words.ofProblems(state.problems.length)}</p>}</div>
    {state.problems.length > 0 && words.lintWords !== '' && <p class="hint"><Ticked text={words.lintWords} /></p>}
    {state.problems.length === 0 && <Empty title={words.allClean} hint={words.allCleanHint} />}
    {[...byFlow].sort(([a, ofA], [b, ofB]) => Number(isWrong(ofB)) - Number(isWrong(ofA)) || (a < b ? -1 : 1)).map(([name, list]) => <section key={name}>
      <h2>{name === '' ? words.otherFiles : <a href={linkTo(['flows', name])}>{name}</a>}</h2>
      <ProblemList problems={list} />
    </section>)}
  </div>
}
