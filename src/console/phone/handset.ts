/** The telephone of a test call: what is done at it goes to the call, where the call is open to it. */
import type { LineAnswer, Person, Phone } from '../../emulator/person.ts'
import type { SkippingClock } from '../../emulator/skipping-clock.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import type { PhoneHappening } from '../shapes/phone.ts'
import type { LineResult, PhoneAct, PhoneAsk } from './read-ask.ts'

export interface Handset {
  readonly person: Person
  /** Does it, or says in words why it cannot be done now. */
  act(act: PhoneAct): string | undefined
  /** To be told of everything that happens in the call. */
  follow(event: TraceEvent): void
}

/** What the caller is in the middle of. */
type Doing = 'nothing' | 'hearing' | 'ringing' | 'talking' | 'recorded' | 'over'

/** `keys`: those that lead somewhere of their own where the call is; `awaits` is told when something may be done. */
export function takeHandset(clock: SkippingClock, lines: PhoneAsk['lines'], keys: () => readonly string[], awaits: (what: PhoneHappening & { kind: 'awaits' }) => void): Handset {
  let phone: Phone | undefined
  let doing: Doing = 'nothing'
  let answer: ((answer: LineAnswer) => void) | undefined
  let detectsSilence = true

  const person: Person = {
    meet(met, given) {
      phone = given
      if (met.kind === 'ivr') awaits({ kind: 'awaits', what: 'keys', digits: met.digits, timeout: met.timeout, repeat: met.repeat, keys: keys() })
      if (met.kind !== 'record') return
      detectsSilence = met.silencedetection
      awaits({ kind: 'awaits', what: 'speech', timelimit: met.timelimit, silencedetection: detectsSilence })
      // nobody has to be quick: time goes on when it is said what the caller does
      clock.pause()
    },
    line({ numbers, callerid, timeout }, given) {
      phone = given
      const known = settled(numbers, lines)
      awaits({ kind: 'awaits', what: 'line', numbers, callerid, timeout, isKnown: known !== undefined })
      if (known !== undefined) return known
      return new Promise(resolve => { answer = resolve })
    },
  }

  async function speak(seconds: number): Promise<void> {
    phone?.speak(seconds)
    clock.resume()
    clock.rush()
    if (!detectsSilence && (await phone?.wait(seconds)) === true) phone?.press('#')
  }

  return {
    person,
    follow(event) {
      switch (event.kind) {
        case 'action': doing = event.action === 'play' || event.action === 'ivr' ? 'hearing' : 'nothing'; break
        case 'ringing': doing = 'ringing'; break
        case 'line': doing = event.result === 'success' ? 'talking' : 'nothing'; break
        case 'recording': doing = 'recorded'; break
        case 'result':
          doing = 'nothing'
          answer = undefined
          clock.resume()
          clock.stop()
          break
        case 'end':
          doing = 'over'
          clock.resume()
          clock.stop()
          break
      }
    },
    act(act) {
      if (doing === 'over') return 'the call is over'
      switch (act.act) {
        case 'press': phone?.press(act.keys); return undefined
        case 'hang-up': phone?.hangUp(); return undefined
        case 'silence':
          if (doing === 'talking') return 'somebody is talking: hang up, or let them hang up'
          if (doing === 'nothing') return 'nothing waits for the caller right now'
          clock.resume()
          clock.rush()
          return undefined
        case 'line':
          if (answer === undefined) return 'no number is being rung'
          answer(act.result === 'success' ? { result: act.result } : { result: act.result, after: 0 })
          answer = undefined
          return undefined
        case 'speak':
          if (doing !== 'recorded') return 'nothing is being recorded'
          void speak(act.seconds)
          return undefined
        case 'callee-hangs-up':
          if (doing !== 'talking') return 'nobody is talking'
          phone?.calleeHangsUp()
          return undefined
      }
    },
  }
}

/** What numbers that ring together do, where it was said of all of them. */
function settled(numbers: readonly string[], lines: PhoneAsk['lines']): LineAnswer | undefined {
  const results = numbers.map((number): LineResult | undefined => (Object.hasOwn(lines, number) ? lines[number] : lines['default']))
  const answers = results.indexOf('success')
  if (answers >= 0) return { result: 'success', number: numbers[answers] as string }
  if (results.includes(undefined)) return undefined
  return { result: results.includes('busy') ? 'busy' : 'failed', after: 0 }
}
