/** The scene of a flow: what it is now, asked again when something goes live, and what is drawn of it. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { ApiError, ask, askText } from './api.ts'
import type { FlowShown, Graph } from './api-shapes.ts'
import { onEvent } from './live.ts'
import { goTo, linkTo } from './router.ts'
import type { Route } from './router.ts'
import { createLighting, DARK } from './scene.ts'
import type { Draft, Drawing, Scene } from './scene.ts'
import { problemsByState } from './state-problems.ts'
import type { StateProblems } from './state-problems.ts'
import { useAsked } from './use-asked.ts'

const GONE: Omit<FlowShown, 'name'> = { version: 1, state: 'live', live: null, refused: null, calls: [], source: null, graph: null, problems: [] }
const NONE: StateProblems = new Map()

export interface AskedScene {
  readonly scene?: Scene
  readonly trouble?: string
  again(): void
}

/** The scene of the flow that a route names: `#/flows/NAME?state=…&version=…&in=…`. */
export function useScene(route: Route): AskedScene {
  const name = route.path[1] ?? ''
  const version = route.query.get('version') ?? undefined
  const selected = route.query.get('state') ?? undefined
  const part = route.query.get('in') ?? name
  // calls outlive their flow, and so do its versions
  const isOld = version !== undefined || route.query.has('call')
  const asked = useAsked(() => ask<FlowShown>(`/api/flows/${encodeURIComponent(name)}?graph=false`).catch((error: unknown) => {
    if (isOld && error instanceof ApiError && error.status === 404) return { ...GONE, name }
    throw error
  }), [name, isOld])
  const { again } = asked
  useEffect(() => {
    const stops = ['state', 'live', 'refused', 'checked'].map(event => onEvent(event, again))
    return () => { for (const stop of stops) stop() }
  }, [again])
  const flow = asked.value?.name === name ? asked.value : undefined
  const [written, setWritten] = useState<Draft>()
  const wanted = version ?? flow?.live ?? undefined
  const drawn = useAsked(async (): Promise<Drawing | undefined> => {
    if (wanted === undefined) return undefined
    const at = `/api/flows/${encodeURIComponent(part)}`
    const [svg, graph] = await Promise.all([askText(`${at}/picture?version=${wanted}`), ask<Graph>(`${at}/graph?version=${wanted}`)])
    return { version: wanted, graph, svg }
  }, [part, wanted], { stays: true })
  const lighting = useMemo(createLighting, [name])
  useEffect(() => () => lighting.lights.set(DARK), [lighting])

  const go = useCallback((part: Readonly<Record<string, string | undefined>>) => {
    const query = { ...Object.fromEntries(route.query), ...part }
    goTo(linkTo(route.path, Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined))), { replace: true })
  }, [route])
  const isOther = part !== name || (version !== undefined && version !== flow?.live)
  const [list, text] = [written?.said?.problems ?? flow?.problems, written?.said?.text ?? flow?.source]
  const problems = useMemo(() => (isOther || list === undefined ? NONE : problemsByState(list, name, text ?? '')), [name, isOther, list, text])
  const trouble = flow === undefined ? asked.trouble : drawn.trouble
  if (flow === undefined) return { ...(trouble === undefined ? {} : { trouble }), again }
  const scene: Scene = {
    name, flow, ...lighting, selected, drawn: part,
    problems, drawing: written?.draft ?? (drawn.value?.graph.flow === part ? drawn.value : undefined),
    select: state => go({ state }),
    show(what) {
      if (what !== undefined && 'draft' in what) setWritten(what)
      else go({ version: what?.version, in: what?.inside, ...(what?.state === undefined && (what?.inside ?? null) === route.query.get('in') ? {} : { state: what?.state }) })
    },
  }
  return { scene, ...(trouble === undefined ? {} : { trouble }), again }
}
