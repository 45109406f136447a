/** A reply → the JSON of a 46elks call action. What does not change from call to call is written once and kept. */
import type { Action, Reply } from '../compile/action.ts'
import type { Sound } from '../compile/flow.ts'

/** The addresses of one answer, as they stand between quotes. */
export interface Addresses {
  /** `https://host`, the beginning of every address of ours. */
  readonly base: string
  readonly flow: string
  /** The call's token, for `next` and `whenhangup`. */
  readonly token: string
  /** The token for the notice of a recording; asked for only where one is made. */
  readonly recording: () => string
}

/** The carrier's action: one JSON object, one action key a level, `whenhangup` on the outermost. */
export function encode(reply: Reply, to: Addresses): string {
  const hangup = `,"whenhangup":"${to.base}/hangup/${to.token}"}`
  const last = reply.actions.length - 1
  let json = ''
  for (let i = last; i >= 0; i--) {
    const text = opening(reply.actions[i] as Action, to)
    const next = i < last ? `,"next":${json}` : following(reply, to)
    json = text + next + (i === 0 ? hangup : '}')
  }
  return json
}

function following(reply: Reply, to: Addresses): string {
  if (reply.then === 'nothing') return ''
  if (reply.then === 'report') return `,"next":"${to.base}/voice/${to.flow}/${to.token}"`
  return `,"next":${JSON.stringify(reply.then.address)}`
}

interface Kept {
  readonly base: string
  readonly text: string
}

const kept = new WeakMap<Action, Kept>()

/** An action without its `next` and its closing brace. Actions of a flow are the same objects at every call. */
function opening(action: Action, to: Addresses): string {
  if (action.do === 'record') return `{"record":"${to.base}/recording/${to.recording()}"${recordOptions(action)}`
  const known = kept.get(action)
  if (known !== undefined && known.base === to.base) return known.text
  const text = JSON.stringify(fields(action, to.base)).slice(0, -1)
  kept.set(action, { base: to.base, text })
  return text
}

function recordOptions(action: Action & { do: 'record' }): string {
  const timelimit = action.timelimit === undefined ? '' : `,"timelimit":${action.timelimit}`
  return action.silence === undefined ? timelimit : `${timelimit},"silencedetection":"${action.silence ? 'yes' : 'no'}"`
}

function fields(action: Exclude<Action, { do: 'record' }>, base: string): object {
  switch (action.do) {
    case 'ivr': {
      const { digits, timeout, repeat } = action
      return { ivr: soundAddress(action.sound, base), digits, timeout, repeat, ...Object.fromEntries(action.keys ?? []) }
    }
    case 'play': return { play: soundAddress(action.sound, base), ...(action.skippable === undefined ? {} : { skippable: action.skippable }) }
    case 'connect': {
      const { to, callerid, timeout, timelimit } = action
      return { connect: to, ...(callerid === undefined ? {} : { callerid }), timeout, ...(timelimit === undefined ? {} : { timelimit }) }
    }
    case 'hangup': return { hangup: action.cause }
  }
}

/** Where a sound is fetched. Ours stand under the hash of their bytes: the carrier may cache an address for ever. */
export function soundAddress(sound: Sound, base: string): string {
  switch (sound.kind) {
    case 'file': return `${base}/audio/${sound.hash}/${sound.name}`
    case 'given': return sound.address
    case 'filled': throw new Error('a sound with values in it reached the carrier unfilled')
  }
}
