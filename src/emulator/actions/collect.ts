import type { Stage } from '../stage.ts'
import type { Hearing } from './hear.ts'

interface Round {
  readonly digits: number
  /** Seconds. */
  readonly timeout: number
  readonly hearing: Hearing
  /** Told when the prompt breaks while it plays. */
  readonly broke: () => void
}

export type Collected = { readonly kind: 'input'; readonly input: string } | { readonly kind: 'nothing' } | { readonly kind: 'over' }

const NOTHING: Collected = { kind: 'nothing' }

/** One round of an ivr: its prompt, the keys, the timeout. What the input means is not known here. */
export async function collect(round: Round, stage: Stage): Promise<Collected> {
  const { digits, timeout, hearing } = round
  const { mailbox, readings, clock, trace } = stage
  const began = clock.now()
  let promptEnd = hearing.until
  let input = ''
  let lastKey = began
  // an input that is complete while the prompt must play on
  let complete: Collected | undefined

  const endPrompt = (): void => {
    promptEnd = Math.min(promptEnd, clock.now())
    hearing.end()
  }
  const deadline = (): number => {
    const start = readings.timeoutFrom === 'prompt-start' ? began : promptEnd
    const counted = readings.timeoutPer === 'digit' && input !== '' ? Math.max(start, lastKey) : start
    return Math.max(promptEnd, counted + timeout * 1000)
  }
  const finish = (collected: Collected): Collected | undefined => {
    if (clock.now() < promptEnd) {
      complete = collected
      return undefined
    }
    return collected
  }

  for (let listening = false; ; ) {
    const isPlaying = !listening && clock.now() <= promptEnd
    const stir = await mailbox.next(isPlaying ? promptEnd : deadline())
    if (stir.kind === 'over') {
      endPrompt()
      return { kind: 'over' }
    }
    if (stir.kind === 'fault' && isPlaying) {
      round.broke()
      endPrompt()
    }
    if (stir.kind === 'time' && !listening) {
      endPrompt()
      if (complete !== undefined) return complete
      listening = true
      trace.add({ kind: 'listening', digits, timeout })
      continue
    }
    if (stir.kind === 'time') return readings.partialInput === 'returned' && input !== '' ? { kind: 'input', input } : NOTHING
    if (stir.kind !== 'key' || complete !== undefined) continue
    if (stir.key === '*' && readings.star === 'ignored') continue
    if (readings.bargeIn === 'stops') endPrompt()
    lastKey = clock.now()
    const done = stir.key === '#' ? finish(hash(input, stage)) : add(stir.key)
    if (done !== undefined) {
      hearing.end()
      return done
    }
  }

  function add(key: string): Collected | undefined {
    input += key
    return input.length >= digits ? finish({ kind: 'input', input }) : undefined
  }
}

/** `#` ends the input early. */
function hash(input: string, stage: Stage): Collected {
  if (input === '' && stage.readings.loneHash === 'noinput') return NOTHING
  return { kind: 'input', input: stage.readings.hash === 'included' ? `${input}#` : input }
}
