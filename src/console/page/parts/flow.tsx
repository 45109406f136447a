/** One flow: its picture, and beside it whatever part of it one looks at. */
import { useEffect, useRef } from 'preact/hooks'
import { useEdges } from '../edges.ts'
import { Failed, Loading } from '../notice.tsx'
import { Picture } from '../picture/picture.tsx'
import { FLOW_PARTS } from '../flow-parts.ts'
import type { Part } from '../part.ts'
import { goTo, linkTo } from '../router.ts'
import type { Route } from '../router.ts'
import { useScene } from '../use-scene.ts'
import { useWords } from '../words.ts'

export const flow: Part = { path: 'flow', View: FlowView }

/** Parts that go along into the picture of a flow that this one runs. */
const IN_PART = ['calls', 'state', 'numbers']

function FlowView({ route }: { readonly route: Route }) {
  const words = useWords()
  const { scene, trouble, again } = useScene(route)
  const tabs = useRef<HTMLElement>(null)
  const name = route.path[1] ?? ''
  const query = Object.fromEntries(route.query)
  const { in: _in, ...outside } = query
  const part = FLOW_PARTS.find(one => one.path === (route.path[2] ?? 'about'))
  const chosen = scene?.selected
  // a state that is chosen is told of, wherever nothing else is going on
  useEffect(() => {
    if (chosen !== undefined && route.path[2] === undefined) goTo(linkTo(['flows', name, 'state'], query), { replace: true })
  }, [chosen])
  const isShown = scene !== undefined
  // on a small screen, the names that do not fit stand aside
  useEffect(() => tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [part, isShown])
  useEdges(tabs, [isShown, words])
  if (scene === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  const { flow: shown } = scene
  const { state } = shown
  const version = route.query.get('version')
  return <div class="flow-view">
    <div class="flow-head">
      <h1>{shown.title ?? shown.name}</h1>
      {shown.title !== undefined && shown.title !== shown.name && <code class="flow-name">{shown.name}</code>}
      {shown.live === null && shown.source === null ? <span class="state-badge gone">{words.gone}</span> : <span class={`state-badge ${state}`} title={words.stateHint[state]}>{words.state[state]}</span>}
      {scene.drawn !== name && <span class="old-version">{words.drawnInside(scene.drawn)} <button class="link" onClick={() => scene.show({ version: version ?? undefined })}>{words.backTo(name)}</button></span>}
      {version !== null && version !== shown.live && <span class="old-version">{words.oldVersion(version.slice(0, 7))} {shown.live !== null && <button class="link" onClick={() => scene.show(undefined)}>{words.showLive}</button>}</span>}
    </div>
    <div class={`flow-body${part?.isWide === true ? ' wide' : ''}`}>
      <section class="stage" aria-label={words.picture}>
        {scene.drawing !== undefined ? <Picture scene={scene} /> : trouble !== undefined ? <Failed why={trouble} again={again} /> : shown.live === null && version === null ? <p class="empty">{words.noPicture}</p> : <Loading />}
      </section>
      <aside class="side" aria-label={part?.label(words) ?? ''}>
        <nav class="tabs" ref={tabs} aria-label={shown.title ?? shown.name}>
          {FLOW_PARTS.map(one => <a key={one.path} href={linkTo(['flows', name, ...(one.path === 'about' ? [] : [one.path])], IN_PART.includes(one.path) ? query : outside)} aria-current={one === part ? 'page' : undefined}>{one.label(words)}</a>)}
        </nav>
        <div class="side-body">{part !== undefined && <part.View key={`${name} ${part.path}`} scene={scene} route={route} />}</div>
      </aside>
    </div>
  </div>
}
