/** A folder of flows with recordings that a telephone carries badly, and `tonval` run beside it. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../src/cli/commands.ts'
import { RATE } from '../../src/prompts/silence.ts'
import { writeWave } from '../../src/prompts/wave.ts'
import '../bare-threads.ts'
import { MP3, OGG } from '../real-sounds.ts'

/** Two channels at 44.1 kHz, too quiet, with a second of silence before it. */
export const STEREO = (() => {
  const one = new Float32Array(2 * 44_100).map((_, at) => (at < 1.2 * 44_100 ? 0 : 0.01 * Math.sin((2 * Math.PI * 300 * at) / 44_100)))
  const bytes = writeWave(Float32Array.from([...one].flatMap(sample => [sample, sample])), 44_100)
  bytes.writeUInt16LE(2, 22)
  return bytes
})()
export const LOUD = writeWave(new Float32Array(RATE).map((_, at) => 0.9 * Math.sin(at / 3)), RATE)

export const FLOW = `start: menu
languages: [en, sv]
prompts:
  menu:
    en: { file: en/menu.wav, text: "Press 1." }   # the name stays: it is a WAV
    sv: { file: "./tone.ogg", text: "Tryck 1." }
  spare: { file: good.mp3, text: "Nobody plays this." }
states:
  menu: { ivr: [menu, good.mp3], sorry: { say: "No." }, on: { 1: bye, noinput: bye, nomatch: bye } }
  bye: { play: 'loud.mp3', next: end }
`
export const CALLS = `calls:
  - name: A key
    steps: [{ ivr: [en/menu.wav, good.mp3] }, { press: 1 }, { play: loud.mp3 }, end]
`
const OTHER = '\uFEFFstart: bye\nlanguage: en\nstates:\n  bye: { play: loud.mp3, next: end }\n'

/** A folder below `root` with `flows/` in it. */
export function lay(root: string, flow = FLOW): string {
  const cwd = mkdtempSync(join(root, 'folder-'))
  mkdirSync(join(cwd, 'flows/en'), { recursive: true })
  const files = { 'a.yaml': flow, 'a.calls.yaml': CALLS, 'other.yaml': OTHER, 'en/menu.wav': STEREO, 'tone.ogg': OGG, 'good.mp3': MP3, 'loud.mp3': LOUD }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, 'flows', name), content)
  return cwd
}

export interface Ran { readonly status: number; readonly stdout: string; readonly stderr: string }

/** Runs a command in this process. */
export async function tonval(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(args, { stdout: { write: text => { stdout += text } }, stderr: { write: text => { stderr += text } }, stdin: (async function* () { yield '' })(), env, cwd })
  return { status, stdout, stderr }
}
