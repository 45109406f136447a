/** The frame: who we are, where one can go, how the line to the server is, and what somebody chose. */
import { useEffect, useRef } from 'preact/hooks'
import { useEdges } from './edges.ts'
import { useLive } from './live.ts'
import { Empty } from './notice.tsx'
import { PARTS } from './parts.ts'
import { linkTo, useRoute } from './router.ts'
import { SettingsMenu } from './settings-menu.tsx'
import { useWords } from './words.ts'

export function App() {
  const words = useWords()
  const route = useRoute()
  const live = useLive()
  const main = useRef<HTMLElement>(null)
  const first = route.path[0] ?? 'flows'
  // a flow that is begun is one of them
  const here = first === 'new' ? 'flows' : first
  const place = route.path.slice(0, 2).join('/')
  const part = PARTS.find(one => one.path === (first === 'flows' && route.path.length > 1 ? 'flow' : first))
  const isFirst = useRef(true)
  const nav = useRef<HTMLUListElement>(null)
  // whoever goes somewhere with the keyboard reads on there
  useEffect(() => {
    if (!isFirst.current) main.current?.focus({ preventScroll: true })
    isFirst.current = false
    scrollTo(0, 0)
  }, [place])
  const counts = PARTS.map(one => one.count?.(live) ?? 0).join()
  // on a small screen not all of them are seen: the one where one is stands in the middle, also once numbers have made others wider
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current]')
    if (current != null && nav.current !== null) nav.current.scrollLeft = current.offsetLeft + (current.offsetWidth - nav.current.clientWidth) / 2
  }, [here, words, counts])
  useEdges(nav, [words, counts])
  return <>
    <a class="skip" href={`${linkTo(route.path)}`} onClick={event => { event.preventDefault(); main.current?.focus() }}>{words.skip}</a>
    <header class="frame">
      <a class="brand" href={linkTo([])}>tonval</a>
      <nav aria-label={words.nav}>
        <ul ref={nav}>
          {PARTS.flatMap(one => one.label === undefined ? [] : [<li key={one.path}>
            <a href={linkTo(one.path === 'flows' ? [] : [one.path])} aria-current={here === one.path ? 'page' : undefined}>
              {one.label(words)}{(one.count?.(live) ?? 0) > 0 && <span class="count-badge">{one.count?.(live)}</span>}
            </a>
          </li>])}
        </ul>
      </nav>
      <span class={`line line-${live.line}`} role="status" title={words.line[live.line]}><span class="line-words">{live.line === 'open' ? words.line.open : words.line[live.line]}</span></span>
      <SettingsMenu />
    </header>
    {live.state?.failed !== undefined && <p class="banner" role="alert">{words.reloadFailed(live.state.failed)}</p>}
    <main ref={main} tabIndex={-1}>
      {part === undefined ? <Empty title={words.notFound} hint={<a href={linkTo([])}>{words.home}</a>} /> : <part.View key={part.path} route={route} />}
    </main>
  </>
}
