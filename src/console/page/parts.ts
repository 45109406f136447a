/** The parts of the page, in the order of the navigation. A new one is a file in parts/, a line here, and its texts in words/. */
import type { Part } from './part.ts'
import { calls } from './parts/calls.tsx'
import { flow } from './parts/flow.tsx'
import { flows } from './parts/flows.tsx'
import { newFlow } from './parts/new-flow.tsx'
import { outbox } from './parts/outbox.tsx'
import { problems } from './parts/problems.tsx'
import { recordings } from './parts/recordings.tsx'
import { switches } from './parts/switches.tsx'

export const PARTS: readonly Part[] = [flows, flow, newFlow, calls, problems, switches, outbox, recordings]
