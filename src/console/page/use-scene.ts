/** The scene of a flow: what it is now, asked again when something goes live, and what is drawn of it. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { ask, askText } from './api.ts'
import type { FlowShown, Graph } from './api-shapes.ts'
import { onEvent } from './live.ts'
import { goTo, linkTo } from './router.ts'
import type { Route } from './router.ts'
import { createLighting, DARK } from './scene.ts'
import type { Draft, Drawing, Scene } from './scene.ts'
import { problemsByState } from './state-problems.ts'
import type { StateProblems } from './state-problems.ts'
import { useAsked } from './use-asked.ts'

const NONE: StateProblems = new Map()

export interface AskedScene {
  readonly scene?: Scene
  readonly trouble?: string
  again(): void
}

/** The scene of the flow that a route names: `#/flows/NAME?state=…&version=…`. */
export function useScene(route: Route): AskedScene {
  const name = route.path[1] ?? ''
  const version = route.query.get('version') ?? undefined
  const selected = route.query.get('state') ?? undefined
  const asked = useAsked(() => ask<FlowShown>(`/api/flows/${encodeURIComponent(name)}?graph=false`), [name])
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
    const at = `/api/flows/${encodeURIComponent(name)}`
    const [svg, graph] = await Promise.all([askText(`${at}/picture?version=${wanted}`), ask<Graph>(`${at}/graph?version=${wanted}`)])
    return { version: wanted, graph, svg }
  }, [name, wanted])
  const lighting = useMemo(createLighting, [name])
  useEffect(() => () => lighting.lights.set(DARK), [lighting])

  const go = useCallback((part: Readonly<Record<string, string | undefined>>) => {
    const query = { ...Object.fromEntries(route.query), ...part }
    goTo(linkTo(route.path, Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined))), { replace: true })
  }, [route])
  const isOld = version !== undefined && version !== flow?.live
  const [list, text] = [written?.said?.problems ?? flow?.problems, written?.said?.text ?? flow?.source]
  const problems = useMemo(() => (isOld || list === undefined ? NONE : problemsByState(list, name, text ?? '')), [name, isOld, list, text])
  const trouble = flow === undefined ? asked.trouble : drawn.trouble
  if (flow === undefined) return { ...(trouble === undefined ? {} : { trouble }), again }
  const scene: Scene = {
    name, flow, ...lighting, selected,
    problems, drawing: written?.draft ?? (drawn.value?.graph.flow === name ? drawn.value : undefined),
    select: state => go({ state }),
    show(what) {
      if (what !== undefined && 'draft' in what) setWritten(what)
      else go({ version: what?.version })
    },
  }
  return { scene, ...(trouble === undefined ? {} : { trouble }), again }
}
