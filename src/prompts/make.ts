/** Recipe → the sound: spoken, read, fetched, and joined to one channel at one rate, with short gaps. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { writeRecipe } from '../compile/recipe.ts'
import type { Part, Recipe, Voice } from '../compile/recipe.ts'
import type { Cache, Made } from './cache.ts'
import { SpeechError } from './engine.ts'
import type { Engine, Words } from './engine.ts'
import { joined, levelled, monoOf, trimmed } from './mono.ts'
import { readLimited } from './read-limited.ts'
import { reasonOf } from './service.ts'
import { RATE } from './silence.ts'
import { sniff } from './sniff.ts'
import { soundHash } from './sound-hash.ts'
import { spelled } from './spelled.ts'
import { quiet, tones } from './tones.ts'
import { writeWave } from './wave.ts'

/** Grows when the same parts would sound otherwise. */
const FORMAT = 1
/** Seconds between two parts, and those left at the ends of what is spoken. */
const GAP = 0.25
const EDGE = 0.05
/** Seconds of one sound: nobody listens longer, and memory has an end. */
const MOST_SECONDS = 600
/** Bytes and milliseconds of a sound that is fetched. */
const MOST_FETCHED = 32 * 1024 * 1024
const FETCH_PATIENCE = 10_000

/** What is spoken for practice: about as long as what calls have spoken. */
const PRACTICE = 'Tonval, 1 2 3 4 5 6 7 8 9 0, a b c d e.'
/** How often the first voice practises, after which it is no faster; the others need their own words only. */
const ROUNDS = 4

/** Why there is no sound: a sentence. `passes`: it may go better at another time. */
export interface Unmade {
  readonly trouble: string
  readonly passes: boolean
}

/** The files that parts name, by their hash: where each lies. */
export type Places = Readonly<Record<string, string>>

export interface Maker {
  /** The sound of a recipe, from the cache where it was made before. Never rejects but for a fault of the disk. */
  make(recipe: Recipe, places?: Places): Promise<Made | Unmade>
  /** Speaks for practice with voices that have not been practised, where the engine needs that. Never rejects. */
  warm(voices: readonly Voice[]): Promise<void>
}

/** Makes sounds with an engine; of the same one at the same time, one. */
export function createMaker(engine: Engine, cache: Cache): Maker {
  const underWay = new Map<string, Promise<Made | Unmade>>()

  async function speak(words: Words): Promise<Float32Array> {
    const bytes = await engine.speak(words)
    const format = sniff(bytes)
    if (format === undefined) throw new SpeechError('what the engine gave is no WAV, MP3 or Ogg Vorbis')
    const samples = await monoOf(bytes, format, MOST_SECONDS).catch((error: unknown) => { throw new SpeechError(`what the engine gave ${(error as Error).message}`, true, { cause: error }) })
    return levelled(trimmed(samples, EDGE))
  }

  async function samplesOf(part: Part, places: Places): Promise<Float32Array> {
    if ('tones' in part) return tones(part.tones)
    if ('file' in part) return levelled(await monoFrom(await readPart(part.file, places), 'a sound of the list'))
    if ('fetch' in part) return levelled(await monoFrom(await fetchPart(part.fetch), `the sound at ${part.fetch}`))
    if ('say' in part) return part.say.trim() === '' ? quiet(0) : speak({ ...part, text: part.say })
    const text = spelled(part.spell)
    return text === '' ? quiet(0) : speak({ ...part, text })
  }

  async function readPart(hash: string, places: Places): Promise<Buffer> {
    const path = Object.hasOwn(places, hash) ? places[hash] : undefined
    const isIt = (bytes: Buffer | undefined): boolean => bytes !== undefined && soundHash(createHash('sha256').update(bytes)) === hash
    const beside = path === undefined ? undefined : await readFile(path).catch(() => undefined)
    // one that is put back from an earlier version does not lie there yet
    const bytes = isIt(beside) ? beside : await cache.read(hash)
    if (bytes === undefined || !isIt(bytes)) throw new SpeechError('a sound of the list is gone or was changed meanwhile')
    return bytes
  }

  async function once(key: string, recipe: Recipe, places: Places): Promise<Made | Unmade> {
    const known = await cache.find(key)
    if (known !== undefined) return known
    const pieces: Float32Array[] = []
    let seconds = 0
    try {
      for (const part of recipe) {
        const samples = await samplesOf(part, places)
        if (samples.length === 0) continue
        seconds += samples.length / RATE
        if (seconds > MOST_SECONDS) throw new SpeechError(`it would last longer than ${MOST_SECONDS} seconds`, false)
        if (pieces.length > 0) pieces.push(quiet(GAP))
        pieces.push(samples)
      }
    } catch (error) {
      if (error instanceof SpeechError) return { trouble: error.message, passes: error.passes }
      throw error
    }
    const samples = joined(pieces.length === 0 ? [quiet(GAP)] : pieces)
    return cache.keep(key, writeWave(samples, RATE), Math.round((samples.length / RATE) * 1000) / 1000)
  }

  const practised = new Set<string>()

  async function practise(voice: Voice): Promise<void> {
    const name = writeRecipe([{ say: '', ...voice }])
    if (practised.has(name)) return
    for (let left = practised.size === 0 ? ROUNDS : 1; left > 0; left--) writeWave(joined([await speak({ text: PRACTICE, ...voice })]), RATE)
    practised.add(name)
  }

  return {
    async warm(voices) {
      if (engine.practises !== true) return
      // a voice that cannot speak says so when it has to
      for (const voice of voices) await practise(voice).catch(() => undefined)
    },

    make(recipe, places = {}) {
      const key = createHash('sha256').update(JSON.stringify([FORMAT, engine.name, writeRecipe(recipe)])).digest('hex').slice(0, 40)
      let one = underWay.get(key)
      if (one === undefined) {
        one = once(key, recipe, places).finally(() => underWay.delete(key))
        underWay.set(key, one)
      }
      return one
    },
  }
}

async function monoFrom(bytes: Buffer, name: string): Promise<Float32Array> {
  const format = sniff(bytes)
  if (format === undefined) throw new SpeechError(`${name} is no WAV, MP3 or Ogg Vorbis`, false)
  return monoOf(bytes, format, MOST_SECONDS).catch((error: unknown) => { throw new SpeechError(`${name} ${(error as Error).message}`, false, { cause: error }) })
}

async function fetchPart(address: string): Promise<Buffer> {
  try {
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(FETCH_PATIENCE) })
    if (!answer.ok) {
      await answer.body?.cancel()
      throw new Error(`it was answered with status ${answer.status}`)
    }
    return await readLimited(answer, MOST_FETCHED)
  } catch (error) {
    throw new SpeechError(`the sound at ${address} cannot be fetched: ${reasonOf(error, FETCH_PATIENCE)}`, true, { cause: error })
  }
}
