/**
 * The other side of espeak.ts, a program of its own: espeak-ng is under the GPL, so it is run, not linked. A line of JSON
 * on standard input is a text; on standard output its answer has eight bytes of head (a status, and how many bytes
 * follow) and the samples, 16 bits each, or why there are none.
 */
import { createInterface } from 'node:readline'
import type { Words } from './engine.ts'
import { DONE, NO_VOICE, REFUSED } from './espeak-answer.ts'
import { builtInVoice } from './voices.ts'

interface Voice {
  /** As in `gmq/sv`. */
  readonly identifier: string
  readonly languages: readonly { readonly name: string }[]
}

interface Worker {
  list_voices(): readonly Voice[]
  set_voice(name: string, language: string, gender: number): number
  /** Speed in words a minute. */
  set_rate(rate: number): void
  synthesize(text: string, heard: (samples: Int16Array | null) => boolean): void
}

interface Espeak {
  readonly HEAPU8: Uint8Array
  readonly eSpeakNGWorker: new () => Worker | Promise<Worker>
}

/** A little slower than its own 175: on a telephone, and to people who listen once. */
const WORDS_A_MINUTE = 160
/** Characters that no text of ours reaches: room is made for them before the memory is kept. */
const ROOM = 16_384

// its own chatter about unknown voices is no sound
process.stderr.write = () => true
// @ts-expect-error it brings no types
const load = (await import('@echogarden/espeak-ng-emscripten')) as { readonly default: () => Promise<Espeak> }
const espeak = await load.default()
const worker = await new espeak.eSpeakNGWorker()
const room = ` a${' '.repeat(ROOM)}`
// it takes any name, and speaks gibberish where it knows none
const voices = new Set(worker.list_voices().flatMap(({ identifier, languages }) => [identifier, identifier.split('/').at(-1) ?? '', ...languages.map(one => one.name)]).map(name => name.toLowerCase()))
// what was said before changes some samples of what is said next: each text begins with the same memory, and so sounds the same
for (const text of [room, room, 'a']) say('en', text)
const untouched = espeak.HEAPU8.slice()

function say(voice: string, text: string): Buffer {
  worker.set_voice(voice, '', 0)
  worker.set_rate(WORDS_A_MINUTE)
  const pieces: Buffer[] = []
  worker.synthesize(text, samples => {
    if (samples !== null && samples.length > 0) pieces.push(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
    return false
  })
  return Buffer.concat(pieces)
}

/** Words as they are: the engine would take marks for commands of its own. */
function plain(text: string): string {
  return text.replace(/[<>[\]{}|\\^~`\u0000-\u001f]/g, ' ')
}

function answer({ text, language, voice }: Words): void {
  const own = builtInVoice(language)
  // a voice of its own is a language and a way to speak it: `sv+f2`
  const name = voice === undefined ? own : voice.startsWith('+') && own !== undefined ? `${own}${voice}` : voice
  if (name === undefined || !voices.has(name.replace(/\+[a-z0-9]+$/i, '').toLowerCase())) {
    send(NO_VOICE, Buffer.from(name ?? language))
    return
  }
  espeak.HEAPU8.set(untouched)
  const samples = say(name, plain(text))
  if (samples.length === 0) send(REFUSED, Buffer.from('there is nothing in it that can be spoken'))
  else send(DONE, samples)
}

function send(status: number, body: Buffer): void {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(status, 0)
  head.writeUInt32LE(body.length, 4)
  process.stdout.write(Buffer.concat([head, body]))
}

for await (const line of createInterface({ input: process.stdin })) answer(JSON.parse(line) as Words)
