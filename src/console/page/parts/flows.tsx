/** The list of flows: what answers, since when, on which lines, and what is wrong. */
import type { FlowState } from '../api-shapes.ts'
import { useLive } from '../live.ts'
import type { Live } from '../live.ts'
import { Empty, Loading, Ticked } from '../notice.tsx'
import type { Part } from '../part.ts'
import { linkTo } from '../router.ts'
import { Ago } from '../times.tsx'
import { useWords } from '../words.ts'

export const flows: Part = { path: 'flows', label: words => words.flows, View: Flows }

function Flows() {
  const words = useWords()
  const live = useLive()
  if (live.state === undefined) return <Loading />
  // what is wrong comes first
  const list = [...live.state.flows].sort((a, b) => Number(a.state === 'live') - Number(b.state === 'live'))
  return <div class="sheet">
    <div class="sheet-head">
      <h1>{words.flows}</h1>
      <p class="sum">{words.ofFlows(list.length)}{live.state.pending && <> · {words.pending}</>}</p>
      <a class="button" href={linkTo(['new'])}>{words.newFlow}</a>
    </div>
    <News live={live} />
    {list.length === 0 ? <Empty title={words.noFlows} hint={words.noFlowsHint} /> : <ul class="flows">{list.map(flow => <Row key={flow.name} flow={flow} since={live.since[flow.name]} />)}</ul>}
  </div>
}

function Row({ flow, since }: { readonly flow: FlowState; readonly since: number | undefined }) {
  const words = useWords()
  const { state } = flow
  const calls = flow.calls.reduce((sum, one) => sum + one.inProgress, 0)
  const wrong = flow.refused?.problems ?? []
  const title = flow.title ?? flow.name
  const numbers = flow.numbers ?? []
  return <li class={`flow-row ${state}`}>
    <a class="flow-link" href={linkTo(['flows', flow.name])}>
      <span class="flow-title">{title}</span>
      {title !== flow.name && <span class="flow-name">{flow.name}</span>}
    </a>
    <span class={`state-badge ${state}`} title={words.stateHint[state]}>{words.state[state]}</span>
    <dl class="flow-facts">
      <div class="fact-lines"><dt>{words.lines}</dt><dd>{numbers.length > 0 ? numbers.map(number => <span class="number" key={number}>{number}</span>) : <span class="none">{flow.live === null ? '–' : flow.answers === false ? words.noLine : words.noLines}</span>}</dd></div>
      <div><dt>{words.callsNow}</dt><dd class={calls > 0 ? 'busy' : 'none'}>{calls}</dd></div>
      <div><dt>{words.version}</dt><dd>{flow.live === null ? <span class="none">–</span> : <code title={flow.live}>{flow.live.slice(0, 7)}</code>}</dd></div>
      <div><dt>{words.since}</dt><dd>{since === undefined || flow.live === null ? <span class="none">–</span> : <Ago at={since} />}</dd></div>
    </dl>
    {wrong.length > 0 && <a class="flow-wrong" href={linkTo(['flows', flow.name])}><strong>{words.ofProblems(wrong.length)}</strong>: <span lang="en"><Ticked text={wrong[0]?.message ?? ''} /></span> ({words.lineNumber(wrong[0]?.range.start.line ?? 1)})</a>}
  </li>
}

/** What went live last, in words. */
function News({ live: { last } }: { readonly live: Live }) {
  const words = useWords()
  if (last === undefined) return <div class="news-place" role="status" />
  const shown = last.changes.slice(0, 4)
  const more = last.changes.length - shown.length + (last.more ?? 0)
  return <div class="news-place" role="status">
    <div class="news">
      <p><strong>{words.wentLive}</strong> <Ago at={last.at} /></p>
      {shown.length === 0 ? <p>{words.nothingChanges}</p> : <ul>{shown.map((change, at) => <li key={at} lang="en"><code>{change.flow}</code> <Ticked text={change.text} /></li>)}{more > 0 && <li>{words.andMore(more)}</li>}</ul>}
    </div>
  </div>
}
