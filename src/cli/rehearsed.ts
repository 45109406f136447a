/** A person who does what was done in a call before: at the first thing that comes otherwise, the caller hangs up. */
import type { Person, Phone } from '../emulator/person.ts'
import type { Encounter } from '../simulate/conversation.ts'
import { TALK_SECONDS } from '../simulate/perform.ts'
import type { Act } from '../simulate/script.ts'

/** The person of a call that was held over `step`. */
export function rehearsed(encounters: readonly Encounter[]): Person {
  let place = 0
  const take = (kind: Encounter['kind']): readonly Act[] | undefined => {
    const encounter = encounters[place]
    if (encounter?.kind !== kind) return undefined
    place++
    return encounter.acts
  }
  return {
    async meet(met, phone) {
      if (met.kind === 'start' || met.kind === 'end') return
      const acts = take(met.kind)
      if (acts === undefined) phone.hangUp()
      else for (const [index, act] of acts.entries()) if (!(await perform(act, index + 1 < acts.length, phone))) return
    },
    async line(_ringing, phone) {
      const acts = take('connect')
      for (const [index, act] of (acts ?? []).entries()) {
        if (act.act === 'line') return answer(act.result, acts?.slice(index + 1) ?? [])
        if (!(await perform(act, true, phone))) return { result: 'failed' }
      }
      if (acts === undefined) phone.hangUp()
      return { result: 'failed' }
    },
  }
}

/** False once the call is over. `more`: something is done afterwards. */
async function perform(act: Act, more: boolean, phone: Phone): Promise<boolean> {
  switch (act.act) {
    case 'press': phone.press(act.keys); return true
    case 'speak':
      phone.speak(act.seconds)
      return more ? phone.wait(act.seconds) : true
    case 'wait': return phone.wait(act.seconds)
    case 'sound-failed': case 'line': phone.fail(); return true
    case 'hang-up': phone.hangUp(); return false
    default: return true
  }
}

function answer(result: 'success' | 'busy' | 'failed', after: readonly Act[]) {
  if (result !== 'success') return { result }
  const [first] = after
  return { result, talk: first?.act === 'wait' ? first.seconds : TALK_SECONDS, ends: after.some(act => act.act === 'hang-up') ? 'caller' as const : 'callee' as const }
}
