/** A flow at a glance: its lines, its versions with their calls, what is wrong with its file. */
import type { Graph } from '../api-shapes.ts'
import { useLive } from '../live.ts'
import { ProblemList } from '../problem-list.tsx'
import type { FlowPart } from '../part.ts'
import type { Scene } from '../scene.ts'
import { Ago } from '../times.tsx'
import { useWords } from '../words.ts'

export const about: FlowPart = { path: 'about', label: words => words.about, View: About }

function About({ scene }: { readonly scene: Scene }) {
  const words = useWords()
  const { since } = useLive()
  const { flow } = scene
  const at = since[flow.name]
  const busy = flow.calls.filter(one => one.inProgress > 0)
  return <>
    <dl class="facts">
      {flow.live !== null && <div><dt>{words.lines}</dt><dd>{(flow.numbers ?? []).length === 0 ? <span class="none">{flow.answers === false ? words.noLine : words.noLines}</span> : flow.numbers?.map(number => <span class="number" key={number}>{number}</span>)}</dd></div>}
      {flow.live !== null && <div><dt>{words.version}</dt><dd><code title={flow.live}>{flow.live.slice(0, 7)}</code> {flow.states !== undefined && <span class="sum">{words.ofStates(flow.states)}</span>}</dd></div>}
      {flow.live !== null && at !== undefined && <div><dt>{words.since}</dt><dd><Ago at={at} /></dd></div>}
      <div><dt>{words.callsNow}</dt><dd>{busy.length === 0 ? <span class="none">0</span> : <ul class="plain">{busy.map(one => <li key={one.version}>{words.ofCalls(one.inProgress)} <code>{one.version.slice(0, 7)}</code></li>)}</ul>}</dd></div>
      {scene.drawing !== undefined && <Anywhere graph={scene.drawing.graph} select={scene.select} />}
    </dl>
    <h2>{words.problems}</h2>
    {flow.problems.length === 0 ? <p class="none">{words.noProblems}</p> : <ProblemList problems={flow.problems} here={flow.name} scene={scene} />}
  </>
}

/** Where a call goes from any state. */
function Anywhere({ graph, select }: { readonly graph: Graph; readonly select: Scene['select'] }) {
  const words = useWords()
  if (graph.anywhere.length === 0) return null
  return <div><dt>{words.everywhere}</dt><dd><ul class="plain">{graph.anywhere.map(({ why, seconds, to }) => <li key={why}>{why === 'longest' ? words.after(seconds ?? 0) : words.onError}: {to === 'end' ? words.endsCall : <button class="link" onClick={() => select(to)}>{to}</button>}</li>)}</ul></dd></div>
}
