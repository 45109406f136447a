/** Calls made at random, over `step` and over HTTP: what the carrier is played as in numbers, and by the emulator, must not differ. */
import t from 'tap'
import { openLane } from '../src/cli/hold-over-http.ts'
import type { Action } from '../src/compile/action.ts'
import { UNTOUCHED } from '../src/run/world.ts'
import { Conversation } from '../src/simulate/conversation.ts'
import type { Act } from '../src/simulate/script.ts'
import { CALLID } from '../src/simulate/simulate.ts'
import type { Held } from '../src/simulate/simulate.ts'
import { linkedIn } from './flow-in-text.ts'

const CALLS = 80
const MOST_ACTIONS = 25
const AT = Date.UTC(2026, 2, 2, 12, 0)

// every answer tells the time, so that a second more or less is seen
const flow = `
start: menu
states:
  menu: { ivr: "https://x.example/{{call.seconds}}.mp3", timeout: 4, repeat: 2, sorry: sound/beep, attempts: 2, on: { 1: pin, 2: long, 3: ring, 4: rec, 5: raw, 6: https://a.example/, 7: bye, noinput: pin, nomatch: ring, failed: rec } }
  pin: { ivr: sound/dtmf/1pP, digits: 3, min: 1, timeout: 7, silent: sound/beep, save: pin, on: { noinput: long, nomatch: bye, failed: raw }, next: long }
  long: { play: "https://x.example/{{call.seconds}}-{{pin}}.mp3", skippable: false, on: { failed: ring }, next: short }
  short: { play: "https://x.example/{{call.seconds}}.mp3", next: menu }
  ring: { connect: ["+46701740605", "+46701740606"], order: in-turn, timeout: 12, timelimit: 40, on: { success: short, busy: rec, failed: menu } }
  rec: { record: sound/beep, timelimit: 9, on: { failed: ring }, next: long }
  raw: { record: true, silence: false, timelimit: 6, beep: false, next: short }
  bye: { play: sound/beep, next: end }
`

/** Numbers that are the same at every run. */
function chances(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function actsFor(action: Action, chance: (below: number) => number): Act[] {
  const wait = (): Act[] => (chance(3) === 0 ? [{ act: 'wait', seconds: 1 + chance(6) }] : [])
  const one = (...choices: readonly (readonly Act[])[]): readonly Act[] => choices[chance(choices.length)] as readonly Act[]
  const keys = (): Act => ({ act: 'press', keys: Array.from({ length: 1 + chance(3) }, () => '01234567*#'[chance(10)]).join('') })
  const leave: readonly Act[] = chance(6) === 0 ? [{ act: 'hang-up' }] : []
  switch (action.do) {
    case 'ivr': return [...wait(), ...one([keys()], [keys()], [keys(), ...wait(), keys()], [{ act: 'silence' }], [{ act: 'sound-failed' }], [{ act: 'sound-failed' }, keys()], leave)]
    case 'play': return [...wait(), ...one([], [], [], [keys()], [{ act: 'sound-failed' }], leave)]
    case 'connect': return [...wait(), ...one([{ act: 'line', result: 'success' }, ...wait(), ...leave], [{ act: 'line', result: 'busy' }], [{ act: 'line', result: 'failed' }], leave)]
    case 'record': return [...wait(), ...one([], [{ act: 'speak', seconds: 1 + chance(8) }, ...wait(), keys(), ...leave], [{ act: 'speak', seconds: 2 }, ...wait(), { act: 'speak', seconds: 3 }], [{ act: 'silence' }], [{ act: 'line', result: 'failed' }], leave)]
    case 'hangup': return []
  }
}

void t.test('calls at random', async t => {
  // rules would not let such a flow go live
  const one = linkedIn(flow)
  const lane = await openLane()
  let actions = 0
  try {
    for (let seed = 1; seed <= CALLS; seed++) {
      const chance = chances(seed)
      const call = new Conversation(one, { id: CALLID, caller: '+46701740699', called: '+46846500400', direction: 'incoming', start: AT / 1000 }, AT, UNTOUCHED)
      for (let { coming } = call; coming.kind === 'action'; { coming } = call) {
        call.perform(++actions % MOST_ACTIONS === 0 ? [{ act: 'hang-up' }] : actsFor(coming.action, chance))
        if (chance(20) === 0 && call.coming.kind === 'action') t.ok(call.repeat(), `call ${seed}: the same request, the same answer`)
      }
      const { transcript, encounters, repeats, walked, visited } = call
      const held: Held = { script: { name: String(seed), file: '', span: { start: 0, end: 0 }, at: AT, from: '+46701740699', to: '+46846500400', direction: 'incoming', world: UNTOUCHED, steps: [] }, flow: one, transcript, encounters, repeats, walked, visited }
      const http = await lane.hold(held)
      if (!t.strictSame(http, { transcript, findings: [] }, `call ${seed}: ${transcript.length} lines`)) break
    }
  } finally {
    await lane.close()
  }
  t.ok(actions > CALLS * 3, `${actions} actions`)
})
