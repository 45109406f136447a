/** A reply → the JSON of a 46elks call action. What does not change from call to call is written once and kept. */
import type { Action, Reply } from '../compile/action.ts'
import type { Sound } from '../compile/flow.ts'
import type { Recipe } from '../compile/recipe.ts'

/** The addresses of one answer, as they stand between quotes. */
export interface Addresses {
  /** `https://host`, the beginning of every address of ours. */
  readonly base: string
  readonly flow: string
  /** The call's token, for `next` and `whenhangup`. */
  readonly token: string
  /** The token for the notice of a recording, that of a state or of the whole call; asked for only where one is made. */
  readonly recording: (of: 'state' | 'call') => string
  /** The token of a sound that is made for this call. */
  readonly speech: (recipe: Recipe) => string
}

/** The carrier's action: one JSON object, one action key a level, `whenhangup` on the outermost. */
export function encode(reply: Reply, to: Addresses): string {
  const last = reply.actions.length - 1
  const pieces: string[] = []
  for (let i = 0; i <= last; i++) {
    if (i > 0) pieces.push(',"next":')
    opening(reply.actions[i] as Action, to, pieces, reply.recordcall === true && i === 0)
  }
  if (reply.then === 'report') pieces.push(',"next":"', to.base, '/voice/', to.flow, '/', to.token, '"')
  else if (reply.then !== 'nothing') pieces.push(',"next":', JSON.stringify(reply.then.address))
  for (let i = last; i > 0; i--) pieces.push('}')
  if (reply.recordcall === true) pieces.push(',"recordcall":"', to.base, '/recording/', to.recording('call'), '"')
  pieces.push(',"whenhangup":"', to.base, '/hangup/', to.token, '"}')
  // joined, not added up: the length in bytes of a text in many pieces is found letter by letter
  return pieces.join('')
}

interface Kept {
  readonly base: string
  readonly text: string
}

const kept = new WeakMap<Action, Kept>()

/** An action without its `next` and its closing brace. Actions of a flow are the same objects at every call. */
function opening(action: Action, to: Addresses, pieces: string[], isWholeRecorded: boolean): void {
  if (action.do === 'record') {
    pieces.push('{"record":"', to.base, '/recording/', to.recording('state'), '"', recordOptions(action))
    return
  }
  let known = kept.get(action)
  if (known === undefined || known.base !== to.base) {
    known = { base: to.base, text: JSON.stringify(fields(action, to)).slice(0, -1) + keysOf(action) }
    kept.set(action, known)
  }
  pieces.push(known.text)
  // an action has one address for recordings: that of the whole call holds the talk, too
  if (action.do === 'connect' && action.recordcall === true && !isWholeRecorded) pieces.push(',"recordcall":"', to.base, '/recording/', to.recording('state'), '"')
}

/** Digit keys, after the rest: as keys of an object they would come first, and the action's own word should. */
function keysOf(action: Action): string {
  return action.do !== 'ivr' || action.keys === undefined ? '' : action.keys.map(([digit, address]) => `,"${digit}":${JSON.stringify(address)}`).join('')
}

function recordOptions(action: Action & { do: 'record' }): string {
  const timelimit = action.timelimit === undefined ? '' : `,"timelimit":${action.timelimit}`
  return action.silence === undefined ? timelimit : `${timelimit},"silencedetection":"${action.silence ? 'yes' : 'no'}"`
}

function fields(action: Exclude<Action, { do: 'record' }>, to: Addresses): object {
  switch (action.do) {
    case 'ivr': {
      const { digits, timeout, repeat } = action
      return { ivr: soundAddress(action.sound, to), digits, timeout, repeat }
    }
    case 'play': return { play: soundAddress(action.sound, to), ...(action.skippable === undefined ? {} : { skippable: action.skippable }) }
    case 'connect': {
      const { to: numbers, callerid, timeout, timelimit } = action
      return { connect: numbers, ...(callerid === undefined ? {} : { callerid }), timeout, ...(timelimit === undefined ? {} : { timelimit }) }
    }
    case 'hangup': return { hangup: action.cause }
  }
}

/** Where a sound is fetched. Ours stand under the hash of their bytes: the carrier may cache an address for ever. */
export function soundAddress(sound: Sound, { base, speech }: Pick<Addresses, 'base' | 'speech'>): string {
  switch (sound.kind) {
    case 'file': return `${base}/audio/${sound.hash}/${sound.name}`
    case 'given': return sound.address
    case 'said': return `${base}/speech/${speech(sound.recipe)}/${sound.name}`
    case 'filled': case 'spoken': case 'joined': case 'translated': case 'picked': throw new Error('a sound that a call has to choose reached the carrier unchosen')
  }
}
