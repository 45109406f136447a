/** A flow of a folder, checked, and served in this process with nothing stored: what `tonval call` dials. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createTokens } from '../../carrier/recent.ts'
import { createSealer } from '../../carrier/seal.ts'
import { createKeyCheck, voiceKey } from '../../carrier/voice-key.ts'
import type { Served, SourceSet } from '../../check.ts'
import type { Given } from '../../emulator/script/replies.ts'
import type { SpeechSettings } from '../../prompts/choose-engine.ts'
import { SILENCE, SILENCE_FILE } from '../../prompts/silence.ts'
import { openStudio } from '../../prompts/studio.ts'
import type { Item } from '../../run/effect.ts'
import type { Step } from '../../run/step.ts'
import { openReach } from '../../outbox/reachable.ts'
import { buildApp } from '../../serve/app.ts'
import { createAskOutside } from '../../serve/ask-outside.ts'
import { rememberOneCall } from '../../serve/one-call.ts'
import { UsageError } from '../io.ts'
import type { Io } from '../io.ts'
import { checkNamedFlow, findNamedFlow } from '../named-flow.ts'
import { speechSettings } from '../speech-settings.ts'
import { version } from '../version.ts'

/** A flow that can be called. */
export interface FlowHere {
  readonly served: Served
  /** Everything that stands beside it, too. */
  readonly set: SourceSet
  readonly folder: string
  readonly speech: SpeechSettings
}

/** The flow served at an address, for one call. */
export interface Line {
  readonly base: string
  readonly start: string
  /** Every step so far, in order. */
  readonly steps: readonly Step[]
  /** What other programs replied, in order. */
  readonly replies: readonly Given[]
  /** What would be sent, in order. */
  readonly sent: readonly Item[]
  close(): Promise<void>
}

/** The flow that is meant. Throws a UsageError where there is none, or several and none was named; shows the problems of one that must not answer calls. */
export async function findFlow(wanted: string | undefined, dir: string, io: Io): Promise<FlowHere> {
  const named = await findNamedFlow(wanted, dir, io, { verb: 'call', hint: 'say with --dir where the flows are, or with --url which application to call' })
  const served = checkNamedFlow(named, io)
  if (served?.flow.answers === false) throw new UsageError(`no call begins in \`${named.file.name}\`: it has exits, or inputs that must be given; call a flow that runs it`)
  if (served !== undefined) return { served, set: named.set, folder: named.folder, speech: speechSettings(io.env) }
  throw new UsageError(`\`${named.file.name}\` has errors and would not answer calls: nothing was called`)
}

/** Serves the flow on a port of its own; `now` is the time that it believes it is; `told` hears of every step. What it speaks is written to a folder that goes with it, and nothing else. */
export async function openLine({ served, folder, speech }: FlowHere, now: () => number, told: (step: Step) => void = () => undefined): Promise<Line> {
  const { flow, source, recipes } = served
  const data = await mkdtemp(join(tmpdir(), 'tonval-call-'))
  const made = join(data, 'sounds')
  await mkdir(made)
  const studio = openStudio({ ...speech, data })
  const places = Object.fromEntries(source.sounds.map(([path, file]) => [file.hash, join(folder, path)]))
  const secret = randomBytes(32).toString('base64url')
  const files = new Map(source.sounds.map(([path, file]) => [file.hash, { path: join(folder, path), format: file.format }]))
  const steps: Step[] = []
  const replies: Given[] = []
  const sent: Item[] = []
  const reach = openReach(flow.hosts)
  const askOutside = createAskOutside(reach)
  const { app } = await buildApp({
    flows: {
      live: { flows: new Map([[flow.name, flow]]), numbers: new Map(flow.numbers.map(number => [number, flow])) },
      version: wanted => (wanted === flow.version ? flow : undefined),
      fetch: async () => undefined,
    },
    sounds: { sound: hash => ({ path: join(made, `${hash}.wav`), format: 'wav' }), folder: made },
    speech: { engine: '', make: recipe => studio.make(recipe.flatMap(part => ('file' in part ? recipes.get(part.file) : undefined) ?? [part]), places) },
    tokens: createTokens(createSealer([secret])), isKey: createKeyCheck([secret]),
    log: pino({ level: 'silent' }), logStep: ({ step }) => { steps.push(step); told(step) }, logNotice: () => undefined,
    publicUrl: undefined, trustProxy: [], allowFrom: [], now, version: version(),
    // nothing leaves the house: what is sent is shown, once however often a request is repeated
    sending: {
      send: async items => { sent.push(...items.filter(item => !sent.some(one => one.key === item.key))) },
      ...rememberOneCall(),
      recordings: { secrets: [secret], file: async () => ({ forGood: true, why: 'nothing is recorded here' }) },
    },
    async askOutside(ask, left) {
      const asked = await askOutside(ask, left)
      replies.push({ state: ask.state, answer: asked.answer, detail: asked.detail })
      return asked
    },
  })
  // sounds lie in the author's own folders here, not under their hashes as in a data folder
  app.addHook('onRequest', async (request, reply) => {
    const hash = /^\/audio\/([0-9a-f]+)\//.exec(request.url)?.[1]
    if (hash === undefined) return
    const recipe = recipes.get(hash)
    if (recipe !== undefined) {
      const sound = await studio.make(recipe, places)
      if ('trouble' in sound) return reply.code(503).send()
      return reply.header('content-type', TYPES.wav).send(await readFile(join(made, `${sound.hash}.wav`)))
    }
    const file = hash === SILENCE_FILE.hash ? undefined : files.get(hash)
    if (file === undefined && hash !== SILENCE_FILE.hash) return
    return reply.header('content-type', TYPES[file?.format ?? 'wav']).send(file === undefined ? SILENCE : await readFile(file.path))
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  return { base, steps, replies, sent, start: `${base}/voice/${flow.name}?key=${voiceKey(secret, flow.name)}`, close: async () => { await Promise.all([app.close().then(() => reach.close()), studio.close()]); await rm(data, { recursive: true, force: true }) } }
}

const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const
