/** What scripted calls are told. */
import type { Page } from '../rule.ts'

const MENU = `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`

/** A call to the menu that rings a number. */
function call(name: string, number: string): string {
  return `  - name: ${name}\n    steps: [{ ivr: menu.mp3 }, { press: 1 }, { connect: "${number}" }]\n`
}

export const CALLS_PAGES: readonly Page[] = [
  {
    name: 'call-fails', severity: 'error', why: 'A conversation that the flow must hold went otherwise: while it does, the flow does not go live.',
    valid: MENU, invalid: MENU, beside: { calls: { name: 'menu', text: `calls:\n${call('Key 1', '+46846500412')}` } },
  },
  {
    name: 'duplicate-name', severity: 'error', why: 'Of two calls with one name nobody could tell which of them failed.',
    valid: MENU, invalid: MENU, beside: { calls: { name: 'menu', text: `calls:\n${call('Key 1', '+46846500411')}${call('Key 1', '+46846500411')}` } },
  },
]
