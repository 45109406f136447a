import { parseBuffer } from 'music-metadata'
import { readAddress, soundName } from './address.ts'
import type { Answer, Failure } from './answer.ts'

/** What `play` and `ivr` name: a file, a sound of the carrier, a recording of this call. */
export interface Sound {
  readonly address: string
  /** For a screen: the last segment of the address's path, or `sound/beep` and the like as they are. */
  readonly name: string
  /** Its length; 0 where it cannot be played. */
  readonly seconds: number
  /** Why nothing is heard; absent where it plays. */
  readonly trouble?: string
  /** Read aloud by the carrier, its length only guessed. */
  readonly spoken?: boolean
}

const BEEP_SECONDS = 0.5
const TONE_SECONDS = 0.1
const SPOKEN_CHARACTERS_A_SECOND = 15

/** Fetches a file; never rejects. */
type Get = (address: string) => Promise<Answer | Failure>

/**
 * Sounds with their lengths. Files are fetched once for as long as the wire lives, as the carrier caches addresses;
 * a failure is not remembered.
 */
export class Sounds {
  readonly #get: Get
  readonly #files = new Map<string, Promise<Sound>>()

  constructor(get: Get) {
    this.#get = get
  }

  /** Never rejects: a sound that cannot be played says so. `locals`: recordings of this call by name, in seconds. */
  load(address: string, locals: ReadonlyMap<string, number>): Promise<Sound> {
    if (readAddress(address) === undefined) return Promise.resolve(builtIn(address, locals))
    const known = this.#files.get(address)
    if (known !== undefined) return known
    const loading = this.#fetch(address)
    this.#files.set(address, loading)
    void loading.then((sound) => {
      if (sound.trouble !== undefined) this.#files.delete(address)
    })
    return loading
  }

  async #fetch(address: string): Promise<Sound> {
    const answer = await this.#get(address)
    if ('trouble' in answer) return silent(address, answer.message)
    if (answer.status < 200 || answer.status > 299) return silent(address, `GET was answered with status ${answer.status}`)
    return measure(address, answer.bytes, answer.type)
  }
}

async function measure(address: string, bytes: Uint8Array, type: string | undefined): Promise<Sound> {
  try {
    const { format } = await parseBuffer(bytes, type === undefined ? undefined : { mimeType: type }, { duration: true, skipCovers: true })
    const kind = [format.container, format.codec].filter((word) => word !== undefined).join(', ')
    if (!isPlayable(format.container, format.codec)) {
      return silent(address, `${kind === '' ? 'what was fetched' : kind} is not WAV, MP3 or Ogg Vorbis`)
    }
    if (format.duration === undefined) return silent(address, `its length cannot be told (${kind})`)
    return { address, name: soundName(address), seconds: Math.round(format.duration * 1000) / 1000 }
  } catch {
    return silent(address, `what was fetched (${bytes.length} bytes${type === undefined ? '' : `, ${type}`}) is no sound file`)
  }
}

function isPlayable(container: string | undefined, codec: string | undefined): boolean {
  if (container === 'WAVE') return true
  if (container === 'Ogg') return codec?.startsWith('Vorbis') ?? false
  return codec?.endsWith('Layer 3') ?? false
}

function builtIn(address: string, locals: ReadonlyMap<string, number>): Sound {
  const sound = (seconds: number): Sound => ({ address, name: soundName(address), seconds })
  if (address === 'sound/beep') return sound(BEEP_SECONDS)
  if (address.startsWith('sound/dtmf/')) return tones(address)
  if (address.startsWith('local/')) {
    const seconds = locals.get(address.slice('local/'.length))
    return seconds === undefined ? silent(address, 'nothing has been recorded under this name in this call') : sound(seconds)
  }
  const spoken = /^[a-z]{2}_[A-Z]{2}\/(.+)$/s.exec(address)
  if (spoken !== null) return { ...sound(Math.ceil((spoken[1] as string).length / SPOKEN_CHARACTERS_A_SECOND)), spoken: true }
  if (address.startsWith('sound/')) return silent(address, 'the carrier has no such sound: only sound/beep and sound/dtmf/...')
  return silent(address, 'it is no absolute http or https address')
}

/** `p` is a pause of 50 ms, `P` of 500 ms; the length of a tone is not documented. */
function tones(address: string): Sound {
  const sequence = address.slice('sound/dtmf/'.length)
  if (!/^[0-9A-D*#pP]+$/.test(sequence)) return silent(address, 'a sequence of tones holds 0-9, *, #, p and P')
  let seconds = 0
  for (const sign of sequence) seconds += sign === 'p' ? 0.05 : sign === 'P' ? 0.5 : TONE_SECONDS
  return { address, name: address, seconds: Math.round(seconds * 1000) / 1000 }
}

function silent(address: string, trouble: string): Sound {
  return { address, name: soundName(address), seconds: 0, trouble }
}
