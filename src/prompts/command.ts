/** An engine that is any program: the text on standard input, a sound file on standard output. No shell looks at either. */
import { spawn } from 'node:child_process'
import { commandWords } from './command-words.ts'
import { MOST_BYTES, PATIENCE, SpeechError } from './engine.ts'
import type { Engine, Words } from './engine.ts'

/** What of a program's own words is shown. */
const MOST_SAID = 300

/**
 * The engine of a command line. `{language}` and `{voice}` in its words are filled in, and stand in the environment as
 * TONVAL_LANGUAGE and TONVAL_VOICE; a voice that no flow names is empty.
 */
export function commandEngine(command: string, patience = PATIENCE): Engine {
  const [program = '', ...args] = commandWords(command)
  const running = new Set<ReturnType<typeof spawn>>()

  function run({ text, language, voice = '' }: Words): Promise<Buffer> {
    const fill = (word: string): string => word.replaceAll('{language}', language).replaceAll('{voice}', voice)
    const child = spawn(fill(program), args.map(fill), { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, TONVAL_LANGUAGE: language, TONVAL_VOICE: voice } })
    running.add(child)
    return new Promise<Buffer>((resolve, reject) => {
      const pieces: Buffer[] = []
      let size = 0
      let said = ''
      let why: string | undefined
      const give = (reason: string): void => {
        why ??= reason
        child.kill('SIGKILL')
      }
      const late = setTimeout(() => give(`\`${program}\` did not end within ${patience / 1000} seconds`), patience)
      child.stdout.on('data', (piece: Buffer) => {
        size += piece.length
        if (size > MOST_BYTES) give(`\`${program}\` does not come to an end: it wrote more than ${MOST_BYTES / 1024 / 1024} MB`)
        else pieces.push(piece)
      })
      child.stderr.on('data', (piece: Buffer) => { if (said.length < MOST_SAID) said += piece.toString('utf8') })
      // a program that does not read to the end may still say why
      child.stdin.on('error', () => undefined)
      child.on('error', error => { why ??= `\`${program}\` cannot be run: ${error.message}` })
      child.on('close', (code, signal) => {
        clearTimeout(late)
        running.delete(child)
        if (why !== undefined) reject(new SpeechError(why))
        else if (code !== 0) reject(new SpeechError(`\`${program}\` ended with ${signal ?? `status ${code}`}${said.trim() === '' ? '' : `: ${said.trim().slice(0, MOST_SAID)}`}`))
        else if (size === 0) reject(new SpeechError(`\`${program}\` wrote nothing`))
        else resolve(Buffer.concat(pieces))
      })
      child.stdin.end(text)
    })
  }

  return {
    name: `command ${command}`,
    speak: run,
    async close() {
      for (const child of running) child.kill('SIGKILL')
    },
  }
}
