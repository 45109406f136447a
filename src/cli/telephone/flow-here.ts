/** A flow of a folder, checked, and served in this process with nothing stored: what `tonval call` dials. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pino } from 'pino'
import { createTokens } from '../../carrier/recent.ts'
import { createSealer } from '../../carrier/seal.ts'
import { createKeyCheck, voiceKey } from '../../carrier/voice-key.ts'
import { check } from '../../check.ts'
import type { Served } from '../../check.ts'
import type { Sound } from '../../compile/sound.ts'
import { parse } from '../../parse/parse.ts'
import { entryOf } from '../../parse/tree.ts'
import { renderPretty, USUAL_WIDTH } from '../../problem/render-pretty.ts'
import { SILENCE, SILENCE_FILE } from '../../prompts/silence.ts'
import { readFolder } from '../../reload/read-folder.ts'
import type { Step } from '../../run/step.ts'
import { buildApp } from '../../serve/app.ts'
import { nearest } from '../../validate/nearest.ts'
import { checkSettings } from '../check-settings.ts'
import { UsageError, wantsColor } from '../io.ts'
import type { Io } from '../io.ts'
import { version } from '../version.ts'

/** A flow that can be called. */
export interface FlowHere {
  readonly served: Served
  readonly folder: string
}

/** The flow served at an address, for one call. */
export interface Line {
  readonly base: string
  readonly start: string
  /** Every step so far, in order. */
  readonly steps: readonly Step[]
  close(): Promise<void>
}

/** What a sound is called in the flow, and the words that the flow says it holds. */
export interface Label {
  readonly name: string
  readonly text?: string
}

/** The flow that is meant. Throws a UsageError where there is none, or several and none was named; shows the problems of one that must not answer calls. */
export async function findFlow(wanted: string | undefined, dir: string, io: Io): Promise<FlowHere> {
  const isFile = wanted?.endsWith('.yaml') === true
  const shown = isFile ? dirname(wanted) : dir
  const name = isFile ? basename(wanted, '.yaml') : wanted
  const folder = resolve(io.cwd, shown)
  const set = await readFolder(folder, new Map(), shown).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`
    throw new UsageError(`the folder \`${shown}\` ${what}; say with --dir where the flows are, or with --url which application to call`, { cause: error })
  })
  const names = set.flows.map(flow => flow.name)
  if (names.length === 0) throw new UsageError(`there is no flow in \`${shown}\`: a flow is a file that ends in \`.yaml\``)
  if (name === undefined && names.length > 1) throw new UsageError(`there are ${names.length} flows in \`${shown}\`; name the one to call: ${names.join(', ')}`)
  const file = name === undefined ? set.flows[0] : set.flows.find(flow => flow.name === name)
  if (file === undefined) {
    const meant = nearest(name as string, names)
    throw new UsageError(`there is no flow \`${name}\` in \`${shown}\`; ${meant === undefined ? `there are: ${names.join(', ')}` : `did you mean \`${meant}\`?`}`)
  }
  const checked = check(set, checkSettings(io.env))
  const served = checked.served.get(file.name)
  if (served?.flow.answers === false) throw new UsageError(`no call begins in \`${file.name}\`: it has exits, or inputs that must be given; call a flow that runs it`)
  if (served !== undefined) return { served, folder }
  const used = set.flows.filter(flow => flow === file || checked.uses.get(file.name)?.includes(flow.name) === true).map(flow => flow.path)
  const problems = checked.problems.filter(problem => used.includes(problem.file) && problem.severity === 'error')
  const sources = new Map(set.flows.map(flow => [flow.path, flow.text]))
  io.stderr.write(renderPretty(
    { problems, sources, checked: { files: used, states: checked.states.get(file.name) ?? 0 } },
    { color: wantsColor(io.stderr, io.env), width: io.stderr.columns ?? USUAL_WIDTH },
  ))
  throw new UsageError(`\`${file.name}\` has errors and would not answer calls: nothing was called`)
}

/** Serves the flow on a port of its own; `now` is the time that it believes it is. Nothing is written to any disk. */
export async function openLine({ served, folder }: FlowHere, now: () => number): Promise<Line> {
  const { flow, source } = served
  const secret = randomBytes(32).toString('base64url')
  const files = new Map(source.sounds.map(([path, file]) => [file.hash, { path: join(folder, path), format: file.format }]))
  const steps: Step[] = []
  const { app } = await buildApp({
    flows: {
      live: { flows: new Map([[flow.name, flow]]), numbers: new Map(flow.numbers.map(number => [number, flow])) },
      version: wanted => (wanted === flow.version ? flow : undefined),
      fetch: async () => undefined,
    },
    sounds: { sound: () => undefined, folder },
    tokens: createTokens(createSealer([secret])), isKey: createKeyCheck([secret]),
    log: pino({ level: 'silent' }), logStep: ({ step }) => { steps.push(step) }, logNotice: () => undefined,
    publicUrl: undefined, trustProxy: [], allowFrom: [], now, version: version(),
  })
  // sounds lie in the author's own folders here, not under their hashes as in a data folder
  app.addHook('onRequest', async (request, reply) => {
    const hash = /^\/audio\/([0-9a-f]+)\//.exec(request.url)?.[1]
    if (hash === undefined) return
    const file = hash === SILENCE_FILE.hash ? undefined : files.get(hash)
    if (file === undefined && hash !== SILENCE_FILE.hash) return
    return reply.header('content-type', TYPES[file?.format ?? 'wav']).send(file === undefined ? SILENCE : await readFile(file.path))
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  return { base, steps, start: `${base}/voice/${flow.name}?key=${voiceKey(secret, flow.name)}`, close: () => app.close() }
}

const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const

/** The sounds of a flow by the end of their address (`/audio/HASH/NAME`), or by the whole one where the flow gives that. */
export function labelsOf({ served: { flow, source } }: FlowHere): ReadonlyMap<string, Label> {
  const root = parse(source.path, source.text).tree?.root
  const declared = root === undefined ? undefined : entryOf(root, 'prompts')?.value
  const paths = new Map(source.sounds.map(([path, file]) => [file.hash, path]))
  const labels = new Map<string, Label>()
  const add = (sound: Sound): void => {
    if (sound.kind === 'filled') return
    const text = sound.text === undefined ? {} : { text: sound.text }
    if (sound.kind === 'given') {
      labels.set(sound.address, { name: sound.address, ...text })
      return
    }
    const base = decodeURIComponent(sound.name).replace(/\.[a-z0-9]+$/i, '')
    const isDeclared = declared?.kind === 'map' && entryOf(declared, base) !== undefined
    labels.set(`/audio/${sound.hash}/${sound.name}`, { name: isDeclared ? base : (paths.get(sound.hash) ?? sound.name), ...text })
  }
  for (const sound of soundsIn([flow.states, flow.given])) add(sound)
  return labels
}

/** Every sound, however deep: a compiled flow is plain data. */
function* soundsIn(value: unknown): Generator<Sound> {
  if (typeof value !== 'object' || value === null) return
  const { kind } = value as { kind?: unknown }
  if (kind === 'file' || kind === 'given') yield value as Sound
  else for (const part of Object.values(value)) yield* soundsIn(part)
}
