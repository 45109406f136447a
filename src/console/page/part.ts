/** What a part of the page is, and one of a flow. */
import type { ComponentType } from 'preact'
import type { Live } from './live.ts'
import type { Route } from './router.ts'
import type { Scene } from './scene.ts'
import type { Words } from './words.ts'

export interface Part {
  /** The first part of the address: `#/problems`. */
  readonly path: string
  readonly View: ComponentType<{ readonly route: Route }>
  /** What the navigation calls it; without it, it does not stand there. */
  readonly label?: (words: Words) => string
  /** A number beside the name, where there is something to see. */
  readonly count?: (live: Live) => number
}

export interface FlowPart {
  /** `#/flows/NAME/telephone`. */
  readonly path: string
  readonly label: (words: Words) => string
  /** Needs half of the width. */
  readonly isWide?: boolean
  /** Stands beside the picture, which it lights up through the scene. */
  readonly View: ComponentType<{ readonly scene: Scene; readonly route: Route }>
}
