/** Sounds as records name them: each is described once, and known by a short id from then on. */
import { createHash } from 'node:crypto'
import type { Action } from '../compile/action.ts'
import type { Sound } from '../compile/sound.ts'
import { soundName } from '../simulate/heard.ts'
import type { HeardSound } from './call-record.ts'

/** Descriptions of sounds that calls make, which are new objects each time. */
const MOST_MADE = 5000
const MOST_TEXT = 1000
/** Milliseconds after which a sound is described anew, so that the store knows that it is still heard. */
export const AGAIN = 86_400_000

export interface HeardSounds {
  /** The ids of what an action plays, with commas between them. */
  of(action: Action, now: number): string
  /** Describes everything anew: what was to be kept is lost. */
  forget(): void
}

/** `described`: told of each sound before its id is used. */
export function createHeardSounds(described: (id: string, sound: HeardSound) => void): HeardSounds {
  /** Of sounds that the flow holds. */
  let known = new WeakMap<Sound, { readonly ids: string; readonly until: number }>()
  let made = new Map<string, string>()
  let told = new Map<string, number>()

  function tell(sound: HeardSound, now: number): string {
    const id = createHash('sha256').update(JSON.stringify([sound.name, sound.text, sound.address])).digest('base64url').slice(0, 12)
    if ((told.get(id) ?? 0) + AGAIN <= now) {
      if (told.size >= MOST_MADE) told = new Map()
      told.set(id, now)
      described(id, sound)
    }
    return id
  }

  function idsOf(sound: Sound, now: number): string {
    const before = known.get(sound)
    if (before !== undefined && before.until > now) return before.ids
    if ('of' in sound && sound.of !== undefined && sound.of.length > 0) return keep(sound, sound.of.map(one => idsOf(one, now)).filter(ids => ids !== '').join(','), now)
    if (sound.kind === 'said') {
      // one that a call makes: the words as they are written, because what was filled in is not kept
      const key = `${sound.name}\n${sound.written ?? ''}`
      const id = (told.get(made.get(key) ?? '') ?? 0) + AGAIN > now ? made.get(key) as string : tell({ name: soundName(sound), ...textOf(sound.written) }, now)
      if (made.size >= MOST_MADE) made = new Map()
      made.set(key, id)
      return id
    }
    if (sound.kind === 'file') return keep(sound, tell({ name: soundName(sound), ...textOf(sound.text), address: `/audio/${sound.hash}/${sound.name}` }, now), now)
    if (sound.kind === 'given') return keep(sound, tell(given(sound), now), now)
    return ''
  }

  function keep(sound: Sound, ids: string, now: number): string {
    known.set(sound, { ids, until: now + AGAIN })
    return ids
  }

  return {
    of: (action, now) => ('sound' in action ? idsOf(action.sound, now) : ''),
    forget() {
      known = new WeakMap()
      made = new Map()
      told = new Map()
    },
  }
}

/** An address without what may be a key in it; of one with values in it only the host. */
function given(sound: Sound & { kind: 'given' }): HeardSound {
  const text = textOf(sound.text)
  if (!/^https?:\/\//i.test(sound.address) || !URL.canParse(sound.address)) return { name: sound.address, ...text, address: sound.address }
  const { origin, host, pathname } = new URL(sound.address)
  return sound.filled === true ? { name: host, address: origin } : { name: soundName(sound), ...text, address: `${origin}${pathname}` }
}

function textOf(text: string | undefined): { text?: string } {
  return text === undefined || text === '' ? {} : { text: text.slice(0, MOST_TEXT) }
}
