/** The built-in engine: espeak-ng as JavaScript, in a process of its own that speaks one text after the other. */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { MOST_BYTES, PATIENCE, SpeechError } from './engine.ts'
import type { Engine, Words } from './engine.ts'
import { DONE, ESPEAK_RATE, NO_VOICE } from './espeak-answer.ts'
import { builtInVoice } from './voices.ts'
import { writeWave } from './wave.ts'

const PACKAGE = '@echogarden/espeak-ng-emscripten'
/** Grows when our own part of a sound changes. */
const OURS = 1

export interface EspeakOptions {
  /** The program that answers, where it is another. */
  readonly program?: string
  /** Milliseconds for one text. */
  readonly patience?: number
}

type Child = ChildProcessByStdio<Writable, Readable, null>

interface Answer {
  readonly status: number
  readonly body: Buffer
}

/** The engine. Its process starts with the first text, and again after it broke. */
export function espeak({ program, patience = PATIENCE }: EspeakOptions = {}): Engine {
  const isOurs = program === undefined
  const path = program ?? fileURLToPath(new URL('./espeak-child.js', import.meta.url))
  let child: Child | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  function stop(): void {
    child?.kill('SIGKILL')
    child = undefined
  }

  /** One text and its answer. Rejects where the process breaks, ends or takes too long; it is then gone. */
  function ask(words: Words): Promise<Answer> {
    child ??= spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'ignore'] })
    const process_ = child
    return new Promise<Answer>((resolve, reject) => {
      const pieces: Buffer[] = []
      let size = 0
      const failed = (why: string): void => {
        done()
        stop()
        reject(new SpeechError(why))
      }
      const late = setTimeout(() => failed(`the built-in engine did not answer within ${patience / 1000} seconds`), patience)
      const ended = (code: number | null, signal: string | null): void => failed(`the built-in engine broke off (${signal ?? `status ${code}`})`)
      const broke = (error: Error): void => failed(`the built-in engine cannot be run: ${error.message}`)
      const heard = (piece: Buffer): void => {
        pieces.push(piece)
        size += piece.length
        if (size < 8) return
        const head = Buffer.concat(pieces)
        const length = head.readUInt32LE(4)
        if (length > MOST_BYTES) failed('the built-in engine does not come to an end')
        if (head.length < 8 + length) {
          pieces.splice(0, pieces.length, head)
          return
        }
        done()
        resolve({ status: head.readUInt32LE(0), body: head.subarray(8, 8 + length) })
      }
      const done = (): void => {
        clearTimeout(late)
        process_.off('exit', ended).off('error', broke)
        process_.stdin.off('error', broke)
        process_.stdout.off('data', heard)
      }
      process_.on('exit', ended).on('error', broke)
      process_.stdin.on('error', broke)
      process_.stdout.on('data', heard)
      process_.stdin.write(`${JSON.stringify(words)}\n`)
    })
  }

  async function speak(words: Words): Promise<Buffer> {
    if (closed) throw new SpeechError('the built-in engine was stopped')
    // what broke it may have been anything: it gets a second chance with a new process
    const { status, body } = await ask(words).catch((error: unknown) => {
      if (closed || /within/.test((error as Error).message)) throw error
      return ask(words)
    })
    if (status === NO_VOICE) throw new SpeechError(`the built-in engine has no voice \`${body.toString()}\``, false)
    if (status !== DONE) throw new SpeechError(body.toString(), false)
    return writeWave(Float32Array.from(new Int16Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length)), sample => sample / 32_768), ESPEAK_RATE)
  }

  return {
    name: `espeak-ng ${versionOf(PACKAGE)} ${OURS}`,
    speak(words) {
      if (isOurs && !hasEspeak()) return Promise.reject(new SpeechError(`the built-in engine is not installed: run \`npm install ${PACKAGE}\`, or set TONVAL_TTS_COMMAND`))
      if (words.voice === undefined && builtInVoice(words.language) === undefined) return Promise.reject(new SpeechError(`the built-in engine does not speak \`${words.language}\``, false))
      const spoken = turn.then(() => speak(words), () => speak(words))
      turn = spoken.catch(() => undefined)
      return spoken
    },
    practises: true,
    async close() {
      closed = true
      stop()
      await turn
    },
  }
}

/** Whether the built-in engine was installed: it is an optional dependency. */
export function hasEspeak(): boolean {
  return versionOf(PACKAGE) !== 'missing'
}

function versionOf(name: string): string {
  try {
    const main = createRequire(import.meta.url).resolve(name)
    return (JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8')) as { readonly version: string }).version
  } catch {
    return 'missing'
  }
}
