/** A flow and its picture, as the parts beside the picture see and light them. */
import type { FlowShown, Graph, JsonProblem } from './api-shapes.ts'
import type { StateProblems } from './state-problems.ts'
import { createStore } from './store.ts'
import type { Store } from './store.ts'

/** One edge of the graph, as a call goes over it. */
export interface EdgeRef {
  readonly from: string
  readonly edge: string
  readonly to: string
}

/** What shines on the picture. */
export interface Lights {
  /** A way through the flow: its edges and the states on it; everything else steps back. */
  readonly path: readonly EdgeRef[]
  /** The state where a call is now. */
  readonly glow?: string
  /** How many callers went over each edge. */
  readonly counts: readonly (EdgeRef & { readonly count: number })[]
}

/** What is drawn: a stored version, or a text that nobody has saved yet. */
export interface Drawing {
  /** Absent for a draft. */
  readonly version?: string
  readonly graph: Graph
  readonly svg: string
}

/** What is looked at. */
export interface Shown {
  readonly version: string | undefined
  /** A flow that the version runs; undefined: the flow itself. */
  readonly inside?: string | undefined
  readonly state?: string | undefined
}

/** A text that nobody has saved: what can be drawn of it, which may be older, and what was last said of it. */
export interface Draft {
  readonly draft: Drawing | undefined
  readonly said: { readonly text: string; readonly problems: readonly JsonProblem[] } | undefined
}

export interface Scene {
  readonly name: string
  /** The flow as it is now; the picture may show another version, or a flow that it runs. */
  readonly flow: FlowShown
  /** Undefined where there is nothing to draw, or it is still being drawn. */
  readonly drawing: Drawing | undefined
  /** The flow that is drawn: this one, or one that it runs. */
  readonly drawn: string
  readonly selected: string | undefined
  /** What is wrong with the file, or with the draft, by state; nothing for a version of old. */
  readonly problems: StateProblems
  readonly lights: Store<Lights>
  /** Chooses a state and brings it into sight; undefined chooses none. */
  select(state: string | undefined): void
  /** Lights up a way; an empty one puts it out. */
  highlight(path: readonly EdgeRef[]): void
  /** Makes the state glow where a call is; undefined: none. */
  glow(state: string | undefined): void
  /** Numbers on edges; none for an empty list. */
  counts(counts: Lights['counts']): void
  /** Draws another version, or in it a flow that it runs, with a state of it chosen; undefined: what is live. Or a draft, with what was said of its text, until there is none any more. */
  show(what: Shown | Draft | undefined): void
}

export const DARK: Lights = { path: [], counts: [] }

export type Lighting = Pick<Scene, 'lights' | 'highlight' | 'glow' | 'counts'>

/** Lights that are all out. */
export function createLighting(): Lighting {
  const lights = createStore<Lights>(DARK)
  return {
    lights,
    highlight: path => lights.set({ ...lights.get(), path }),
    glow(state) {
      const { glow: _before, ...rest } = lights.get()
      lights.set(state === undefined ? rest : { ...rest, glow: state })
    },
    counts: counts => lights.set({ ...lights.get(), counts }),
  }
}
