import { readAddress } from '../address.ts'
import { RANGES, readIvrTimeout, readNumber } from '../read-option.ts'
import type { Sound } from '../sounds.ts'
import type { Outcome, Perform, Stage } from '../stage.ts'
import { isDigitKey, type Action } from '../validate-action.ts'
import { collect } from './collect.ts'
import { hear } from './hear.ts'

/** Plays a prompt and collects keys, over again until there is an input or the repeats are used up (facts: ivr). */
export const ivr: Perform = async (action, stage) => {
  const { readings, mailbox, audience, complain } = stage
  const digits = readNumber(action, 'ivr', 'digits', RANGES.digits, readings, complain)
  const timeout = readIvrTimeout(action, readings, complain)
  const repeat = readNumber(action, 'ivr', 'repeat', RANGES.repeat, readings, complain)
  const keys = usableKeys(action, digits, stage)
  const sound = await loadPrompt(action['ivr'], stage)

  mailbox.begin()
  typeAhead(stage)
  audience.meet({ kind: 'ivr', sound, digits, timeout, repeat, keys })

  const broken = { value: sound.trouble !== undefined }
  const fail = (): Outcome => ({
    result: 'failed',
    why: broken.value ? readings.unplayableWhy : 'noinput',
    purpose: 'next',
    go: action['next'],
  })
  const rounds = readings.repeat === 'total' ? repeat : repeat + 1
  for (let round = 1; round <= rounds; round++) {
    const hearing = hear(sound, 'ivr', round, stage)
    if (broken.value && readings.unplayablePrompt === 'failed') {
      hearing.end()
      return fail()
    }
    const collected = await collect({ digits, timeout, hearing, broke: () => (broken.value = true) }, stage)
    if (collected.kind === 'over') return fail()
    if (collected.kind === 'input') return matched(action, collected.input, keys)
  }
  return fail()
}

function matched(action: Action, input: string, keys: readonly string[]): Outcome {
  // a matching key wins over next: an application that ships both was seen to rely on it
  const key = keys.includes(input)
  return { result: input, purpose: key ? 'digit' : 'next', go: key ? action[input] : action['next'] }
}

function usableKeys(action: Action, digits: number, stage: Stage): string[] {
  return Object.keys(action).filter((key) => {
    if (!isDigitKey(key)) return false
    if (/^[0-9]$/.test(key) && digits === 1) return true
    const isMatched = stage.readings.longKeys === 'matched'
    const cause = /^[0-9]$/.test(key) ? `digits is ${digits}` : 'it is not one digit'
    stage.complain('key-ignored', `ivr: the key ${JSON.stringify(key)} is ${isMatched ? 'undocumented' : 'ignored'}, because ${cause}`)
    return isMatched
  })
}

/** Keys from before the ivr: dropped, or pressed again. */
function typeAhead(stage: Stage): void {
  const typed = stage.mailbox.takeTyped()
  if (typed === '') return
  if (stage.readings.typeAhead === 'buffered') stage.mailbox.restore(typed)
  else stage.trace.add({ kind: 'keys-lost', keys: typed })
}

async function loadPrompt(value: unknown, stage: Stage): Promise<Sound> {
  const address = typeof value === 'string' ? value : ''
  const sound = await stage.load(address)
  if (readAddress(address) !== undefined || address === '') return sound
  stage.complain('ivr-built-in', `ivr: ${sound.name} is no address of a sound`)
  if (stage.readings.ivrBuiltIn === 'accepted') return sound
  return { ...sound, seconds: 0, trouble: 'ivr takes addresses only' }
}
