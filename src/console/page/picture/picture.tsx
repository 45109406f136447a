/** The picture of a flow, with what one needs to look around in it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Graph } from '../api-shapes.ts'
import { Icon } from '../icon.tsx'
import type { Scene } from '../scene.ts'
import { useWords } from '../words.ts'
import type { Words } from '../words.ts'
import type { Seen } from './camera.ts'
import { putPicture } from './drawing.ts'
import type { Drawn } from './drawing.ts'
import { isLarge, partsInPieces, partsOf } from './parts.ts'
import type { Parts } from './parts.ts'

/** Pixels of one step with the keys. */
const STEP = 60

export function Picture({ scene }: { readonly scene: Scene }) {
  const words = useWords()
  const host = useRef<HTMLDivElement>(null)
  const drawn = useRef<Drawn | undefined>(undefined)
  /** How the picture before was looked at: a new one of the same flow is looked at in the same way. */
  const before = useRef<{ readonly flow: string; readonly seen: ReadonlyMap<string, Seen> } | undefined>(undefined)
  const chosenHere = useRef<string | undefined>(undefined)
  const { drawing, lights, selected, problems } = scene
  const current = useRef(scene)
  current.current = scene

  const { parts, share } = useParts(drawing?.svg)
  useEffect(() => {
    if (host.current === null || drawing === undefined || parts === undefined) return
    const { graph } = drawing
    const byName = new Map(graph.states.map(state => [state.name, state]))
    const picture = drawn.current = putPicture(host.current, parts, isLarge(drawing.svg), {
      label: words.pictureOf(graph.title), start: graph.start,
      labelOf: name => words.verbs[byName.get(name)?.verb ?? ''] ?? '',
      chosen(state) {
        chosenHere.current = state
        current.current.select(state)
      },
    })
    const light = (): void => picture.light(lights.get())
    light()
    const { selected: now } = current.current
    if (before.current?.flow === graph.flow) picture.pin(before.current.seen, [now, graph.start ?? undefined, ...graph.states.map(state => state.name)])
    picture.choose(now, before.current?.flow !== graph.flow)
    const stop = lights.watch(light)
    return () => {
      stop()
      before.current = { flow: graph.flow, seen: picture.seen() }
      picture.remove()
    }
  }, [parts, lights, words])
  useEffect(() => drawn.current?.tell(problems, words.marks), [parts, problems, words])
  // what was chosen in the picture is in sight already
  useEffect(() => drawn.current?.choose(selected, chosenHere.current !== selected), [selected])

  const keys = (event: KeyboardEvent): void => {
    const picture = drawn.current
    if (picture === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const state = (event.target as Element).closest<SVGGElement>('[data-state]')?.dataset['state']
    const handled = press(event.key, picture, state, chosen => {
      chosenHere.current = chosen
      current.current.select(chosen)
    })
    if (handled) event.preventDefault()
  }

  return <div class="picture-frame">
    <div class="picture-host" ref={host} onKeyDown={keys} />
    {share !== undefined && <p class="picture-share" role="status"><label>{words.drawing} <progress value={share} /></label></p>}
    {drawing !== undefined && <Search graph={drawing.graph} drawn={drawn} scene={scene} />}
    <div class="picture-tools">
      <button class="tool" aria-label={words.zoomIn} title={words.zoomIn} onClick={() => drawn.current?.camera.zoom(1.3)}><Icon name="plus" /></button>
      <button class="tool" aria-label={words.zoomOut} title={words.zoomOut} onClick={() => drawn.current?.camera.zoom(1 / 1.3)}><Icon name="minus" /></button>
      <button class="tool" aria-label={words.fit} title={words.fit} onClick={() => drawn.current?.camera.fit(undefined)}><Icon name="fit" /></button>
    </div>
    <p class="unseen">{words.pictureHelp}</p>
  </div>
}

/** The parts of a picture: at once, or, of a very large one, when all of them are read; until then, how far that is. */
function useParts(svg: string | undefined): { readonly parts?: Parts; readonly share?: number } {
  const small = useMemo(() => (svg === undefined || isLarge(svg) ? undefined : partsOf(svg)), [svg])
  const [read, setRead] = useState<{ readonly svg: string; readonly parts?: Parts; readonly share: number }>()
  useEffect(() => {
    if (svg === undefined || !isLarge(svg)) return undefined
    const leave = new AbortController()
    setRead({ svg, share: 0 })
    void partsInPieces(svg, share => setRead({ svg, share }), leave.signal).then(parts => { if (parts !== undefined && !leave.signal.aborted) setRead({ svg, parts, share: 1 }) })
    return () => leave.abort()
  }, [svg])
  if (small !== undefined) return { parts: small }
  if (svg === undefined) return {}
  return read?.svg !== svg ? { share: 0 } : read.parts === undefined ? { share: read.share } : { parts: read.parts }
}

/** What a key does; false for one that does nothing here. */
function press(key: string, picture: Drawn, state: string | undefined, choose: (state: string | undefined) => void): boolean {
  switch (key) {
    case '+': case '=': picture.camera.zoom(1.3); return true
    case '-': picture.camera.zoom(1 / 1.3); return true
    case '0': picture.camera.fit(undefined); return true
    case 'Escape': choose(undefined); return true
    case 'Enter': case ' ': {
      if (state === undefined) return false
      choose(state)
      return true
    }
    case 'ArrowUp': case 'ArrowDown': case 'ArrowLeft': case 'ArrowRight': {
      const next = state === undefined ? undefined : picture.next(state, key)
      if (next !== undefined) picture.focus(next)
      else picture.camera.move(key === 'ArrowLeft' ? STEP : key === 'ArrowRight' ? -STEP : 0, key === 'ArrowUp' ? STEP : key === 'ArrowDown' ? -STEP : 0)
      return true
    }
    default: return false
  }
}

function Search({ graph, drawn, scene }: { readonly graph: Graph; readonly drawn: { readonly current: Drawn | undefined }; readonly scene: Scene }) {
  const words: Words = useWords()
  const [text, setText] = useState('')
  const [at, setAt] = useState(-1)
  const found = useMemo(() => find(graph, text), [graph, text])
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    drawn.current?.mark(found === undefined ? undefined : new Set(found))
    setAt(-1)
  }, [found])
  useEffect(() => {
    const slash = (event: KeyboardEvent): void => {
      if (event.key !== '/' || (event.target as Element).closest('input, textarea, select, [contenteditable]') !== null) return
      event.preventDefault()
      input.current?.focus()
    }
    addEventListener('keydown', slash)
    return () => removeEventListener('keydown', slash)
  }, [])
  const go = (step: number): void => {
    if (found === undefined || found.length === 0) return
    const next = (at + step + found.length) % found.length
    setAt(next)
    scene.select(found[next])
  }
  return <div class="picture-search" role="search">
    <Icon name="search" />
    <input
      ref={input} type="search" value={text} aria-label={words.search} placeholder={words.search} onInput={event => setText(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') go(event.shiftKey ? -1 : 1)
        else if (event.key === 'Escape') setText('')
      }}
    />
    <span class="found" role="status">{found === undefined ? '' : words.found(at + 1 || Math.min(1, found.length), found.length)}</span>
  </div>
}

/** States in whose name, doing or words a text stands; those named so first. Undefined where nothing is looked for. */
export function find(graph: Graph, text: string): string[] | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return undefined
  const has = (one: string | undefined): boolean => one?.toLowerCase().includes(wanted) === true
  const named = graph.states.filter(state => has(state.name))
  const others = graph.states.filter(state => !has(state.name) && (has(state.does) || has(state.verb) || state.hears.some(sound => has(sound.text) || has(sound.name))))
  return [...named, ...others].map(state => state.name)
}
