import type { Surroundings } from '../compile/context.ts'
import type { Flow } from '../compile/flow.ts'
import type { FlowDocument } from '../validate/document.ts'

/** The flow that scripts are about, and what it was made of. */
export interface Around {
  readonly flow: Flow
  readonly document: FlowDocument
  readonly surroundings: Surroundings
}
