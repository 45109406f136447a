/** `tonval sounds`: every prompt of flows, how it sounds and where it is played; and recordings made fit for a telephone. */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { check, sourcesOf } from '../check.ts'
import type { CheckSettings, SourceSet } from '../check.ts'
import type { Heard } from '../compile/listened.ts'
import { readFlow } from '../lint/read-flow.ts'
import { renderPretty, USUAL_WIDTH } from '../problem/render-pretty.ts'
import { atMost } from '../prompts/at-most.ts'
import { openStudio } from '../prompts/studio.ts'
import type { Studio } from '../prompts/studio.ts'
import { readFolder } from '../reload/read-folder.ts'
import { CannotReplace, removeLeft } from '../store/replace-files.ts'
import { checkSettings } from './check-settings.ts'
import { EXIT, UsageError, wantsColor } from './io.ts'
import type { Command, Io } from './io.ts'
import { listSounds, poorIn } from './listed-sounds.ts'
import type { ListedSound } from './listed-sounds.ts'
import { isMendable, mendSounds } from './mend-sounds.ts'
import { findNamedFlow } from './named-flow.ts'
import { readOptions } from './options.ts'
import { speechSettings } from './speech-settings.ts'
import { renderTable } from './table.ts'

const HELP = `tonval sounds: shows every prompt of flows, how it sounds and where it is played

Usage: tonval sounds [FLOW…]

FLOW is a flow of the folder, or its file (default: all of them). Shown are recordings, and
what is spoken and joined, in every language: length, form, level, the states that play it,
and what is wrong with it.

  --fix              turns recordings that a telephone carries badly (stereo, too many
                     samples, too quiet or loud, silence at the ends) into WAV files of one
                     channel at a telephone's level, and names them so in flows and calls.
                     The original stays beside it as NAME.original.mp3
  --dir DIR          the folder of the flows (default: flows)
  --format FORMAT    table (default) or json
  -h, --help

Exit status: 0 all can be heard, 1 one cannot, or a flow has errors, 2 bad usage or nothing
to show, 3 a fault of tonval.
`

/** Sounds that are heard and made at a time. */
const AT_ONCE = 8

/** A sound of the list, as it was heard. */
interface Shown extends ListedSound {
  readonly heard: Heard | undefined
  readonly format: string | undefined
  readonly trouble: string | undefined
  readonly poor: readonly { readonly rule: string; readonly message: string }[]
}

export const sounds: Command = async (args, io) => {
  const options = readOptions(args, { fix: 'flag', dir: 'text', format: ['table', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const settings = checkSettings(io.env)
  const { folder, shown, wanted } = await findFlows(options.rest, options.text('dir') ?? 'flows', io)
  const { data, leave } = await openData(io)
  const studio = openStudio({ ...speechSettings(io.env), data })
  try {
    const mended = !options.flag('fix') || await fix({ folder, shown, wanted, settings, studio }, io)
    const set = await readFolder(folder, new Map(), shown)
    const { listed, failed } = listAll(set, wanted, settings, io)
    const turn = atMost(AT_ONCE)
    const rows = await Promise.all(listed.map(one => turn(() => hear(one, set.sounds, studio, folder, data))))
    io.stdout.write(options.text('format') === 'json' ? `${JSON.stringify({ version: 1, sounds: rows.map(jsonOf) })}\n` : tableOf(rows))
    return failed || !mended || rows.some(row => row.trouble !== undefined) ? EXIT.found : EXIT.clean
  } finally {
    await studio.close()
    await leave()
  }
}

interface Place {
  readonly folder: string
  /** As problems name it. */
  readonly shown: string
  /** Names of flows. */
  readonly wanted: readonly string[]
}

async function findFlows(rest: readonly string[], dir: string, io: Io): Promise<Place> {
  const naming = { verb: 'show', hint: 'say with --dir where the flows are' }
  if (rest.length === 0) {
    const folder = resolve(io.cwd, dir)
    const set = await readFolder(folder, new Map(), dir).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`the folder \`${dir}\` ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`}; ${naming.hint}`, { cause: error })
    })
    if (set.flows.length === 0) throw new UsageError(`there is no flow in \`${dir}\`: a flow is a file that ends in \`.yaml\``)
    return { folder, shown: dir, wanted: set.flows.map(flow => flow.name).sort() }
  }
  const found = await Promise.all(rest.map(one => findNamedFlow(one, dir, io, naming)))
  const [first] = found
  if (first === undefined || found.some(one => one.folder !== first.folder)) throw new UsageError('the flows that are named lie in different folders: name those of one')
  return { folder: first.folder, shown: first.file.path.slice(0, -`${first.file.name}.yaml`.length - 1) || '.', wanted: [...new Set(found.map(one => one.file.name))] }
}

/** The data folder, where the server has made one; else one that goes again. */
async function openData({ env, cwd }: Io): Promise<{ readonly data: string; leave(): Promise<void> }> {
  const data = resolve(cwd, env['TONVAL_DATA'] || '.tonval')
  if (await stat(data).then(found => found.isDirectory(), () => false)) return { data, leave: async () => undefined }
  const passing = await mkdtemp(join(tmpdir(), 'tonval-sounds-'))
  return { data: passing, leave: () => rm(passing, { recursive: true, force: true }) }
}

/** The sounds of flows; of those with errors, the errors, on standard error. */
function listAll(set: SourceSet, wanted: readonly string[], settings: CheckSettings, io: Io): { readonly listed: readonly ListedSound[]; readonly failed: boolean } {
  // what cannot be played is what is asked for: it is no reason not to show a flow
  const lenient = { ...set, calls: [], sounds: new Map([...set.sounds].map(([path, file]) => [path, { ...file, format: file.format ?? 'wav', trouble: undefined }])) }
  const checked = check(lenient, settings)
  const bad = new Set(wanted.filter(name => !checked.served.has(name)).flatMap(name => [name, ...(checked.uses.get(name) ?? [])]))
  const problems = checked.problems.filter(problem => problem.severity === 'error' && set.flows.some(file => file.path === problem.file && bad.has(file.name)))
  if (problems.length > 0) {
    const sources = sourcesOf(set)
    io.stderr.write(renderPretty({ problems, sources, checked: { files: [...new Set(problems.map(one => one.file))], states: 0 } }, { color: wantsColor(io.stderr, io.env), width: io.stderr.columns ?? USUAL_WIDTH }))
  }
  const listed = wanted.flatMap(name => {
    const served = checked.served.get(name)
    const file = set.flows.find(one => one.name === name)
    const document = file === undefined ? undefined : readFlow(file).document
    return served === undefined || document === undefined ? [] : listSounds(served, document.data, set, settings.silence.hash)
  })
  return { listed, failed: bad.size > 0 }
}

async function hear(one: ListedSound, files: SourceSet['sounds'], studio: Studio, folder: string, data: string): Promise<Shown> {
  const plain = { ...one, heard: undefined, format: undefined, trouble: undefined, poor: [] }
  const file = one.file === undefined ? undefined : files.get(one.file)
  if (file !== undefined && one.file !== undefined) {
    if (file.format === undefined || file.trouble !== undefined) return { ...plain, trouble: file.trouble ?? 'is no sound that the carrier plays' }
    const heard = await studio.listen({ path: join(folder, one.file), hash: file.hash, format: file.format })
    if ('trouble' in heard) return { ...plain, format: file.format, trouble: heard.trouble }
    return { ...plain, format: file.format, heard, seconds: heard.seconds, poor: poorIn(one.file, heard).map(({ rule, told }) => ({ rule, message: told.message })) }
  }
  if (one.kind === 'file') return { ...plain, trouble: 'does not exist' }
  if (one.recipe === undefined) return plain
  const places = Object.fromEntries([...files].map(([path, { hash }]) => [hash, join(folder, path)]))
  const made = await studio.make(one.recipe, places)
  if ('trouble' in made) return { ...plain, trouble: `cannot be made: ${made.trouble}` }
  const heard = await studio.listen({ path: join(data, 'sounds', `${made.hash}.wav`), hash: made.hash, format: 'wav' })
  return 'trouble' in heard ? { ...plain, trouble: heard.trouble } : { ...plain, format: 'wav', heard, seconds: heard.seconds }
}

/** Converts the recordings that need it; false where one of them could not be. */
async function fix({ folder, shown, wanted, settings, studio }: Place & { readonly settings: CheckSettings; readonly studio: Studio }, io: Io): Promise<boolean> {
  const set = await readFolder(folder, new Map(), shown)
  for (const one of new Set(['.', ...[...set.sounds.keys()].map(path => dirname(path))])) await removeLeft(join(folder, one))
  const { listed } = listAll(set, wanted, settings, { ...io, stderr: { write: () => undefined } })
  const files: string[] = []
  for (const file of new Set(listed.flatMap(one => one.file ?? []))) {
    const { hash, format, trouble } = set.sounds.get(file) ?? {}
    if (hash === undefined || format === undefined || trouble !== undefined) continue
    const heard = await studio.listen({ path: join(folder, file), hash, format })
    if (!('trouble' in heard) && isMendable(file, heard)) files.push(file)
  }
  try {
    const mended = await mendSounds(set, files, { settings, studio, folder })
    for (const one of mended) io.stderr.write('why' in one ? `${one.file}: left as it is: ${one.why}\n` : `${one.file}: now ${one.now}; the original is kept as ${one.kept}\n`)
    if (mended.length === 0) io.stderr.write('nothing had to be converted\n')
    return mended.every(one => !('why' in one))
  } catch (error) {
    if (!(error instanceof CannotReplace)) throw error
    io.stderr.write(`tonval sounds: nothing was changed: ${error.message}\n`)
    return false
  }
}

const CHANNELS = ['', 'mono', 'stereo']

function tableOf(rows: readonly Shown[]): string {
  if (rows.length === 0) return 'no prompts\n'
  const flows = new Set(rows.map(row => row.flow))
  return renderTable(['flow', 'prompt', 'language', 'seconds', 'what', 'level', 'played by', 'remark'], rows.map(row => [
    flows.size > 1 ? row.flow : '', row.prompt, row.language ?? '', row.seconds === undefined ? '?' : `${row.heard === undefined ? '~' : ''}${row.seconds.toFixed(1)}`, whatIs(row),
    row.heard === undefined ? '' : `${Math.round(row.heard.level)} dBFS`, row.used.join(', '), row.trouble === undefined ? row.poor.map(one => one.rule).join(', ') : `${row.file ?? 'it'} ${row.trouble}`,
  ]))
}

function whatIs({ kind, format, heard }: Shown): string {
  if (kind !== 'file') return kind
  return heard === undefined ? 'file' : `${format?.toUpperCase() ?? ''} ${CHANNELS[heard.channels] ?? `${heard.channels} channels`} ${heard.rate / 1000} kHz`
}

function jsonOf({ flow, prompt, language, kind, file, words, used, seconds, format, heard, trouble, poor }: Shown): unknown {
  return {
    flow, prompt, language: language ?? null, kind, file: file ?? null, words: words ?? null, used, seconds: seconds ?? null, format: format ?? null,
    channels: heard?.channels ?? null, rate: heard?.rate ?? null, level: heard?.level ?? null, peak: heard?.peak ?? null, clipped: heard?.clipped ?? null,
    lead: heard?.lead ?? null, tail: heard?.tail ?? null, trouble: trouble ?? null, problems: poor,
  }
}
