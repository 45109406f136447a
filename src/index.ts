/** The public names: what another program may build on. */
export { check } from './check.ts'
export type { Checked, CheckSettings, SourceFile, SourceSet } from './check.ts'
export type { Problem, Severity, Span } from './problem/problem.ts'
export { start, step } from './run/step.ts'
export type { Call } from './run/call.ts'
export type { Flow } from './compile/flow.ts'
export { placeCall } from './emulator/call.ts'
