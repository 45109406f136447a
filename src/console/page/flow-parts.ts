/** The parts of a flow, which stand beside its picture. A new one is a file in flow-parts/, a line here, and its texts in words/. */
import { about } from './flow-parts/about.tsx'
import { flowCalls } from './flow-parts/calls.tsx'
import { edit } from './flow-parts/edit.tsx'
import { history } from './flow-parts/history.tsx'
import { numbers } from './flow-parts/numbers.tsx'
import { state } from './flow-parts/state.tsx'
import { telephone } from './flow-parts/telephone.tsx'
import type { FlowPart } from './part.ts'

export const FLOW_PARTS: readonly FlowPart[] = [about, state, telephone, edit, flowCalls, numbers, history]
