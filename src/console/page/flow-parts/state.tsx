/** The state that was chosen: what a caller hears there, where it leads, and from where one comes. */
import type { Graph, GraphEdge } from '../api-shapes.ts'
import { togglePlaying, usePlaying } from '../audio.ts'
import { Icon } from '../icon.tsx'
import { Empty } from '../notice.tsx'
import type { FlowPart } from '../part.ts'
import { ProblemList } from '../problem-list.tsx'
import { linkTo } from '../router.ts'
import type { Scene } from '../scene.ts'
import { useWords } from '../words.ts'
import type { Words } from '../words.ts'

export const state: FlowPart = { path: 'state', label: words => words.aboutState, View: State }

function State({ scene }: { readonly scene: Scene }) {
  const words = useWords()
  const graph = scene.drawing?.graph
  const one = graph?.states.find(each => each.name === scene.selected)
  if (graph === undefined || one === undefined) return <Empty title={words.noState} hint={words.noStateHint} />
  const out = graph.edges.filter(edge => edge.from === one.name)
  const into = sources(graph, one.name)
  const problems = scene.problems.get(one.name) ?? []
  return <>
    <div class="state-head">
      <span class={`verb-sign verb-${one.verb}`}><Icon verb={one.verb} /></span>
      <div><h2>{one.name}</h2><p class="sum">{words.verbs[one.verb] ?? one.verb}{graph.start === one.name && <> · {words.begins}</>}</p></div>
    </div>
    {problems.length > 0 && <ProblemList problems={problems} here={scene.name} />}
    {one.runs !== undefined ? <p>{words.runs} <a href={linkTo(['flows', one.runs])}>{one.runs}</a></p> : one.does !== '' && one.hears.length === 0 && <p class="does">{one.does}</p>}
    {one.hears.length > 0 && <><h3>{words.hears}</h3><ul class="sounds">{one.hears.map((sound, at) => <Sound key={at} sound={sound} flow={scene.name} words={words} />)}</ul></>}
    <h3>{words.leadsTo}</h3>
    {out.length === 0 ? <p class="none">{words.nowhere}</p> : <ul class="ways">{groups(out).map(({ to, edges }) => <li key={to}>
      <span class="keys">{edges.map(edge => <kbd key={edge.edge} class={edge.shared === undefined ? '' : 'shared'} title={edge.shared === undefined ? undefined : words.shared}>{edge.asks ?? edge.edge}</kbd>)}</span>
      <Icon name="right" />
      <Target to={to} select={scene.select} words={words} />
    </li>)}</ul>}
    {into.length > 0 && <><h3>{words.comesFrom}</h3><ul class="ways">{into.map(({ from, edges }) => <li key={from}><Target to={from} select={scene.select} words={words} /><span class="keys">{edges.map(edge => <kbd key={edge.edge}>{edge.asks ?? edge.edge}</kbd>)}</span></li>)}</ul></>}
  </>
}

function Target({ to, select, words }: { readonly to: string; readonly select: Scene['select']; readonly words: Words }) {
  if (to === 'end') return <span class="none">{words.endsCall}</span>
  if (/^https?:/.test(to)) return <span>{words.takesOver} <code class="address">{to.replace(/\?.*$/s, '?…')}</code></span>
  return <button class="link" onClick={() => select(to)}>{to}</button>
}

function Sound({ sound, flow, words }: { readonly sound: Graph['states'][number]['hears'][number]; readonly flow: string; readonly words: Words }) {
  const playing = usePlaying()
  const address = sound.hash === undefined ? undefined : `/api/flows/${encodeURIComponent(flow)}/sound/${sound.hash}`
  const isOn = address !== undefined && playing === address
  const notes = [words.roles[sound.role] ?? sound.role, ...(sound.language === undefined ? [] : [words.inLanguage(sound.language)]), ...(sound.when === undefined ? [] : [sound.when])]
  return <li class="sound">
    {address === undefined ? <span class="no-play" title={words.notPlayable} /> : <button class={`play${isOn ? ' on' : ''}`} aria-label={isOn ? words.pause(sound.name) : words.play(sound.name)} onClick={() => togglePlaying(address)}><Icon name={isOn ? 'stop' : 'start'} /></button>}
    <div>
      <p class="sound-text">{sound.text === undefined ? sound.name : `“${sound.text}”`}</p>
      <p class="sum">{notes.join(' · ')}{sound.text !== undefined && <> · <code>{sound.name}</code></>}{address === undefined && sound.text !== undefined && <> · {words.notPlayable}: <a href={linkTo(['flows', flow, 'telephone'])}>{words.dialIt}</a></>}</p>
    </div>
  </li>
}

function groups(edges: readonly GraphEdge[]): { to: string; edges: GraphEdge[] }[] {
  const found = new Map<string, GraphEdge[]>()
  for (const edge of edges) found.set(edge.to, [...(found.get(edge.to) ?? []), edge])
  return [...found].map(([to, list]) => ({ to, edges: list }))
}

function sources({ edges }: Graph, name: string): { from: string; edges: GraphEdge[] }[] {
  const found = new Map<string, GraphEdge[]>()
  for (const edge of edges) if (edge.to === name && edge.from !== name) found.set(edge.from, [...(found.get(edge.from) ?? []), edge])
  return [...found].map(([from, list]) => ({ from, edges: list }))
}
