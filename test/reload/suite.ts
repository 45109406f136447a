/** Runs rows of the suite of edits against real servers, and holds every set of flows that ever went live against those that may. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { check } from '../../src/check.ts'
import { SILENCE_FILE } from '../../src/prompts/silence.ts'
import { soundHash } from '../../src/prompts/sound-hash.ts'
import { serve } from '../serve/process.ts'
import type { Process } from '../serve/process.ts'
import { ask, SOUND, until } from '../serve/running.ts'
import { flowText } from './edit.ts'
import type { Edit, Texts } from './edit.ts'

/** Milliseconds that a change may take to be live on a machine that does much else. */
const PATIENCE = 60_000
const OTHER = Buffer.concat([SOUND, Buffer.from('other')])

type Versions = Readonly<Record<string, string | undefined>>

export interface Outcome {
  readonly edit: Edit
  /** What is wrong, in words; none: all is well. */
  readonly wrong: readonly string[]
  readonly swaps: number
  /** Milliseconds from the end of the edit until its outcome was live, as far as the log says. */
  readonly took: number
}

/** A server, the folder that it serves, and the room around it. */
interface Lane {
  readonly root: string
  readonly folder: string
  readonly out: string
  readonly server: Process
}

let count = 0

function textsOf(edit: Edit, random: () => number): Texts & { readonly further: string } {
  // one length each: a size tells nothing
  const tag = `${String(++count).padStart(6, '0')}-${Math.floor(random() * 1e6).toString().padStart(6, '0')}`
  const base = flowText(`${tag} base`)
  const fresh = flowText(`${tag} more`)
  return { base: edit.base?.(base) ?? base, fresh: edit.fresh?.(fresh) ?? fresh, further: flowText(`${tag} last`) }
}

function versionOf(name: string, text: string): string {
  const sound = (bytes: Buffer) => ({ hash: soundHash(createHash('sha256').update(bytes)), format: 'wav' as const })
  const sounds = new Map([['sound.wav', sound(SOUND)], ['other.wav', sound(OTHER)], ['more/new.wav', sound(OTHER)]])
  const checked = check({ flows: [{ name, path: `${name}.yaml`, text }], sounds }, { env: {}, hosts: [], silence: SILENCE_FILE })
  const version = checked.served.get(name)?.flow.version
  if (version === undefined) throw new Error(`a text of the suite is no flow: ${checked.problems.map(one => one.message).join(', ')}\n${text}`)
  return version
}

const versionsOf = (texts: Versions): Versions => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text === undefined ? undefined : versionOf(name, text)]))

function bash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', `set -e\n${script}`], { cwd, env: { ...process.env, ...env } }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${error.message}\n${stderr}`))
    })
  })
}

/** The sets that went live so far, as the log tells them. */
function setsOf(server: Process): Versions[] {
  return server.lines().filter(line => line['msg'] === 'flows are live').map(line => line['live'] as Versions)
}

async function open(edit: Edit | undefined, texts: Texts): Promise<Lane> {
  const root = mkdtempSync(join(tmpdir(), 'tonval-edits-'))
  const out = join(root, 'out')
  mkdirSync(out)
  const folder = join(root, edit?.folder ?? 'flows')
  writeFileSync(join(out, 'sound.wav'), SOUND)
  writeFileSync(join(out, 'other.wav'), OTHER)
  writeFileSync(join(out, 'base'), texts.base)
  writeFileSync(join(out, 'fresh'), texts.fresh)
  if (edit?.layout === undefined) {
    mkdirSync(folder)
    writeFileSync(join(folder, 'sound.wav'), SOUND)
    writeFileSync(join(folder, 'menu.yaml'), texts.base)
  } else await bash(edit.layout, root, envOf({ root, out }, 0))
  const node = edit?.preload === undefined ? [] : ['--import', join(import.meta.dirname, edit.preload)]
  return { root, folder, out, server: await serve({ root, folder, data: join(root, 'data'), remove: () => undefined }, { node }) }
}

async function close({ root, server }: Lane): Promise<void> {
  await server.end('SIGKILL')
  rmSync(root, { recursive: true, force: true })
}

function envOf({ root, out }: { readonly root: string; readonly out: string }, pause: number): Record<string, string> {
  return { NEW: join(out, 'fresh'), BASE: join(out, 'base'), SOUND: join(out, 'sound.wav'), OTHER: join(out, 'other.wav'), OUT: out, ROOT: root, P: pause.toFixed(3) }
}

/** One row on a server. */
async function runOn(lane: Lane, edit: Edit, texts: ReturnType<typeof textsOf>, random: () => number): Promise<Outcome> {
  const { server, folder, out } = lane
  const wrong: string[] = []
  writeFileSync(join(out, 'base'), texts.base)
  writeFileSync(join(out, 'fresh'), texts.fresh)
  const last = versionOf('menu', texts.further)
  const ends = versionsOf(edit.ends === undefined ? { menu: texts.fresh } : edit.ends === 'same' ? { menu: texts.base } : edit.ends(texts))
  const names = Object.keys(ends)
  const begins: Versions = { ...Object.fromEntries(names.map(name => [name, undefined])), menu: versionOf('menu', texts.base) }
  const between = (edit.between?.(texts) ?? []).map(versionsOf)
  const is = (set: Versions | undefined, wanted: Versions): boolean => set !== undefined && Object.keys(wanted).every(name => set[name] === wanted[name])
  const now = (): Versions | undefined => setsOf(server).at(-1)

  if (edit.layout === undefined) {
    for (const [name, text] of Object.entries(edit.beside?.(texts) ?? {})) put(folder, name, text)
    put(folder, 'menu.yaml', texts.base)
    await until(`${edit.name}: the first text is live`, () => is(now(), { menu: begins['menu'] }), PATIENCE)
  }
  const first = await until(`${edit.name}: the server tells what is live`, now, PATIENCE)
  const before = setsOf(server).length
  const lines = server.lines().length
  await bash(edit.edit, folder, envOf(lane, 0.02 + random() ** 3))
  const ended = performance.now()
  const outcome = until(`${edit.name}: the outcome is live`, () => is(now(), ends), PATIENCE)
  if (edit.ends === 'same') {
    await ask(`${server.admin}/api/reload`)
    if (edit.told !== undefined) await until(`${edit.name}: it is told`, () => server.lines().slice(lines).find(line => new RegExp(edit.told as string).test(String(line['code']))), PATIENCE).catch((error: Error) => wrong.push(error.message))
  }
  await outcome.catch((error: Error) => wrong.push(`${error.message}: ${JSON.stringify(now())} is live`))
  const took = performance.now() - ended

  // a plain edit afterwards is noticed, and what the log says before it is all that went live
  writeFileSync(join(out, 'fresh'), texts.further)
  await bash(edit.further ?? 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml', folder, envOf(lane, 0))
  await until(`${edit.name}: a further edit is live`, () => is(now(), { menu: last }), PATIENCE).catch((error: Error) => wrong.push(error.message))
  const sets = setsOf(server).slice(before)
  const upTo = sets.findIndex(set => set['menu'] === last)
  const swapped = upTo < 0 ? sets : sets.slice(0, upTo)
  const allowed = [pick(first, names, begins), ends, ...between.map(set => ({ ...begins, ...set }))]
  for (const set of swapped) if (!allowed.some(one => is(set, one))) wrong.push(`a set went live that must not: ${JSON.stringify(set)}, while ${JSON.stringify(allowed)} may`)
  const [least, most] = edit.swaps ?? (edit.ends === 'same' ? [0, 0] : [1, 1])
  if (swapped.length < least || swapped.length > most) wrong.push(`${swapped.length} swaps, and ${least === most ? least : `${least} to ${most}`} are right`)
  return { edit, wrong, swaps: swapped.length, took }
}

/** Of rows with a layout, many flows stand there from the start: their first versions are what the server said. */
function pick(first: Versions, names: readonly string[], begins: Versions): Versions {
  return Object.fromEntries(names.map(name => [name, name === 'menu' ? begins['menu'] : first[name]]))
}

function put(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, `.${name}.put`), text)
  renameSync(join(folder, `.${name}.put`), join(folder, name))
}

/** Runs the rows, some at a time; those without a layout one after the other on servers that they share. */
export async function runEdits(edits: readonly Edit[], random: () => number, atOnce: number, done: (outcome: Outcome) => void): Promise<void> {
  const queue = [...edits].sort((a, b) => Number(b.layout !== undefined) - Number(a.layout !== undefined)).values()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    let shared: Lane | undefined
    try {
      for (const edit of queue) {
        const texts = textsOf(edit, random)
        let lane: Lane | undefined
        try {
          lane = edit.layout === undefined ? (shared ??= await open(undefined, texts)) : await open(edit, texts)
          done(await runOn(lane, edit, texts, random))
        } catch (error) {
          done({ edit, wrong: [(error as Error).message], swaps: NaN, took: NaN })
          // whatever state it left behind is no one else's
          if (lane !== undefined && lane === shared) {
            shared = undefined
            await close(lane)
          }
        } finally {
          if (lane !== undefined && lane !== shared) await close(lane)
        }
      }
    } finally {
      if (shared !== undefined) await close(shared)
    }
  }))
}

/** Whether a program is there. */
export function has(program: string): Promise<boolean> {
  return bash(`command -v ${program} > /dev/null`, '.', {}).then(() => true, () => false)
}

/** A random number generator with a seed, so that a failure can be repeated (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
