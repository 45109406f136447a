/** What can be wrong with scripted calls. */
import type { Page } from '../rule.ts'

const BYE = `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`
const call = (name: string, met: string): string => `  - { name: ${name}, steps: [{ play: ${met} }, end] }\n`

export const CALLS_PAGES: readonly Page[] = [
  {
    name: 'call-fails', severity: 'error', why: 'A conversation that the flow must hold goes another way: while it does, the flow does not go live.',
    valid: BYE, invalid: BYE.replace('bye.mp3', 'thanks.mp3'), beside: { calls: { of: 'menu', text: `calls:\n${call('goodbye', 'sound/beep')}` } },
  },
  {
    name: 'duplicate-name', severity: 'error', why: 'Of two calls with one name nobody could say which one failed.',
    valid: BYE, invalid: BYE, beside: { calls: { of: 'menu', text: `calls:\n${call('goodbye', 'bye.mp3')}${call('goodbye', 'bye.mp3')}` } },
  },
  {
    name: 'unknown-flow', severity: 'error', why: 'Scripted calls of a flow that is not there are held against nothing.',
    valid: BYE, invalid: BYE, beside: { calls: { of: 'mneu', text: `calls:\n${call('goodbye', 'bye.mp3')}` } },
  },
]
