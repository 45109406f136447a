/** A telephone in a person's hands: what is heard goes to the screen, what is pressed goes to the call. */
import type { LineAnswer, Met, Person, Phone, Ringing } from '../../emulator/person.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import type { SkippingClock } from '../../emulator/skipping-clock.ts'
import type { Doing } from './doing.ts'
import type { Label } from '../../emulator/script/labels.ts'
import type { Screen } from './screen.ts'
import { liveLine, tellEvent, tellSilence } from './wording.ts'

export interface Handset {
  readonly person: Person
  /** To be told of everything that happens in the call. */
  onEvent(event: TraceEvent): void
  /** A key of the terminal. */
  press(key: string): void
  /** False where the call has not begun. */
  hangUp(): boolean
  /** Draws what goes on; to be called several times a second. */
  tick(): void
}

/** Milliseconds that one breath of a speaker lasts: a recording learns that somebody still speaks from breath to breath. */
const BREATH = 1000

export function takeHandset(screen: Screen, clock: SkippingClock, label: (address: string) => Label): Handset {
  let phone: Phone | undefined
  let doing: Doing = { kind: 'waiting' }
  let answer: ((answer: LineAnswer) => void) | undefined
  let breathUntil = 0
  let detectsSilence = true
  let inIvr = false

  const change = (next: Doing): void => {
    doing = next
    tick()
  }
  const breathe = (): void => {
    if (doing.kind !== 'recorded' || !doing.speaking || clock.now() + BREATH / 2 < breathUntil) return
    breathUntil = clock.now() + BREATH
    phone?.speak(BREATH / 1000)
  }
  const tick = (): void => {
    breathe()
    screen.live(liveLine(doing, clock.now()))
  }
  const stopSpeaking = (): void => {
    if (doing.kind !== 'recorded' || !doing.speaking) return
    change({ ...doing, speaking: false })
    if (!detectsSilence) phone?.press('#')
  }
  const lineIs = (result: LineAnswer['result']): void => {
    answer?.(result === 'success' ? { result } : { result, after: 0 })
    answer = undefined
  }

  const person: Person = {
    meet(met: Met, given) {
      phone = given
      if (met.kind === 'ivr') inIvr = true
      if (met.kind === 'record') {
        detectsSilence = met.silencedetection
        breathUntil = 0
        change({ kind: 'recorded', timelimit: met.timelimit, since: clock.now(), speaking: true })
      }
    },
    line({ numbers, timeout }: Ringing, given) {
      phone = given
      change({ kind: 'ringing', number: numbers.join(', '), timeout, since: clock.now() })
      return new Promise(resolve => { answer = resolve })
    },
  }

  /** Where the call stands after an event. */
  const follow = (event: TraceEvent): void => {
    const since = clock.now()
    switch (event.kind) {
      case 'action': inIvr = event.action === 'ivr'; break
      case 'sound': change({ kind: 'hearing', name: label(event.address).name, seconds: event.seconds, since, ivr: inIvr }); break
      case 'listening': change({ kind: 'asked', digits: event.digits, timeout: event.timeout, since, keys: doing.kind === 'asked' ? doing.keys : '' }); break
      case 'key': if (doing.kind === 'asked') change({ ...doing, keys: doing.keys + event.key, since }); break
      case 'line': change(event.result === 'success' ? { kind: 'talking', since } : { kind: 'waiting' }); break
      case 'result':
        clock.stop()
        change({ kind: 'waiting' })
        break
      case 'end': change({ kind: 'over' }); break
    }
  }

  return {
    person,
    tick,
    onEvent(event) {
      tellEvent(screen, event, label)
      follow(event)
    },
    hangUp() {
      phone?.hangUp()
      return phone !== undefined
    },
    press(key) {
      if (doing.kind === 'over') return
      if (/^[0-9*#]$/.test(key)) phone?.press(key)
      else if (key === 'h') phone?.hangUp()
      else if (doing.kind === 'ringing') {
        const result = ({ a: 'success', b: 'busy', n: 'failed' } as const)[key]
        if (result !== undefined) lineIs(result)
      } else if (key === 'o' && doing.kind === 'talking') phone?.calleeHangsUp()
      else if (key === ' ' || key === '\r' || key === '\n') stopSpeaking()
      else if (key === 's' && (doing.kind === 'hearing' || doing.kind === 'asked' || doing.kind === 'recorded')) {
        tellSilence(screen, phone?.elapsed() ?? 0)
        stopSpeaking()
        clock.rush()
      }
    },
  }
}

/** The trace with the breaths of one speech put together. */
export function joinSpeech(trace: readonly TraceEvent[]): readonly TraceEvent[] {
  const joined: TraceEvent[] = []
  for (const event of trace) {
    const before = joined.at(-1)
    if (event.kind === 'speech' && before?.kind === 'speech') joined[joined.length - 1] = { ...before, seconds: before.seconds + event.seconds }
    else joined.push(event)
  }
  return joined
}
