/** `tonval rollback`: puts an earlier version of a flow back into its folder. */
import { resolve } from 'node:path'
import { check } from '../check.ts'
import type { JsonProblem } from '../problem/render-json.ts'
import { jsonProblem } from '../problem/render-json.ts'
import { Places } from '../problem/findings.ts'
import type { FlowChange } from '../diff/diff-flows.ts'
import { openStudio } from '../prompts/studio.ts'
import { checkWithSounds } from '../reload/check-with-sounds.ts'
import { createChecker } from '../reload/checker.ts'
import { createEditor } from '../reload/edit.ts'
import type { LiveVersion } from '../reload/edit.ts'
import { readFolder } from '../reload/read-folder.ts'
import { rollBack } from '../reload/roll-back.ts'
import { checkSettings } from './check-settings.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'
import { speechSettings } from './speech-settings.ts'
import { findStored } from './stored.ts'
import type { Stored } from './stored.ts'

const HELP = `tonval rollback: puts an earlier version of a flow back

Usage: tonval rollback FLOW [VERSION]

Without VERSION it is the version that was live before the live one; its first digits are
enough, \`tonval versions FLOW\` lists them. Written are the flow's file, the flows that it
ran, its lists and tables and the sounds that it played, as they were, and only if the check
passes; a running server then takes them live.
What nobody has stored is not overwritten: an edit that is not live, or a file that another
flow uses too, stops it.

  --force            goes on all the same; what it replaces is kept in the data folder
  --admin HOST:PORT  the running server that does it               TONVAL_ADMIN   127.0.0.1:8047
  --data DIR         works without a server, from this data folder
                     (default, where none answers: \`.tonval\`)      TONVAL_DATA
  --dir DIR          the folder of flows, without a server (default: flows)
  --format FORMAT    text (default) or json
  -h, --help

Exit status: 0 done, 1 refused, 2 bad usage or no such version, 3 a fault of tonval.
`

/** What came of it, from a server or done here. */
interface Outcome {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
}

export const rollback: Command = async (args, io) => {
  const options = readOptions(args, { admin: 'text', data: 'text', dir: 'text', force: 'flag', format: ['text', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [name, version, ...more] = options.rest
  if (name === undefined || more.length > 0) throw new UsageError('name the flow, and perhaps the version: `tonval rollback FLOW [VERSION]`')
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(name)) throw new UsageError(`\`${name}\` is no name of a flow`)
  if (version !== undefined && !/^[0-9a-f]{1,64}$/.test(version)) throw new UsageError(`\`${version}\` is no version: its digits are 0 to 9 and a to f`)
  const stored = await findStored({ admin: options.text('admin'), data: options.text('data') }, io)
  if (stored.from === 'server' && options.text('dir') !== undefined) throw new UsageError('`--dir` goes with `--data`: a running server knows its folder')
  const wanted = { name, version, force: options.flag('force') }
  const outcome = stored.from === 'server'
    ? await stored.client.ask('POST', `/api/flows/${name}/rollback`, { force: wanted.force, ...(version === undefined ? {} : { version }) })
    : await here(stored, resolve(io.cwd, options.text('dir') ?? 'flows'), options.text('dir') ?? 'flows', wanted, io)
  return tell(outcome, stored.from === 'server', options.text('format') === 'json', io)
}

/** The same without a server: the folder and the data folder are at hand. */
async function here(stored: Stored & { readonly from: 'folder' }, folder: string, shown: string, wanted: { name: string; version: string | undefined; force: boolean }, io: Io): Promise<Outcome> {
  const settings = checkSettings(io.env)
  const { store, data } = stored
  const checker = createChecker(settings)
  const studio = openStudio({ ...speechSettings(io.env), data })
  const live = async (): Promise<readonly LiveVersion[]> => Promise.all(Object.entries(await store.live()).map(async ([name, version]) => {
    const source = await store.load(version)
    const flow = source === undefined ? undefined : await checker.rebuild(source)
    return { name, version, numbers: flow?.numbers ?? [], answers: flow?.answers ?? false }
  }))
  const read = async () => check(await readFolder(folder, new Map(), shown), settings)
  try {
    const before = await read().catch((error: unknown) => { throw new UsageError(`the flows in \`${shown}\` cannot be read: ${(error as Error).message}; name their folder with \`--dir\``) })
    const parts = {
      folder, shown, store, checker, studio, live, refused: () => before.refused,
      reload: async () => {
        const { checked } = await checkWithSounds(await readFolder(folder, new Map(), shown), checker, studio, folder)
        return { live: Object.fromEntries([...checked.served].map(([name, { flow }]) => [name, flow.version])) }
      },
    }
    const done = await rollBack(createEditor(parts), parts, data, wanted)
    switch (done.is) {
      case 'live': return { status: 200, json: { version: 1, flow: wanted.name, live: done.version, before: done.before ?? null, changes: done.changes, restored: done.restored, kept: done.kept } }
      case 'refused': {
        const places = new Places(done.findings.sources)
        return { status: 422, json: { problems: done.findings.problems.map(problem => jsonProblem(problem, places)) } }
      }
      case 'unknown': return { status: 404, json: { detail: done.why } }
      default: return { status: done.is === 'failed' ? 503 : 409, json: { detail: done.why } }
    }
  } finally {
    await Promise.all([checker.close(), studio.close()])
  }
}

function tell({ status, json }: Outcome, isServed: boolean, asJson: boolean, io: Io): number {
  const { detail = 'it says no more' } = json as { detail?: string }
  if (status === 404) throw new UsageError(detail)
  if (status === 200) {
    const { flow, live, before, changes, restored, kept } = json as unknown as { flow: string; live: string; before: string | null; changes: readonly FlowChange[]; restored: readonly string[]; kept: readonly string[] }
    if (asJson) io.stdout.write(`${JSON.stringify(json)}\n`)
    else {
      const lines = [
        `${flow} is back on ${live}${before === null ? '' : `, before: ${before}`}${isServed ? '' : '; no server was asked: it goes live when one takes the folder'}`,
        ...changes.map(change => `  ${change.text}`), `  written: ${restored.join(', ')}`, ...kept.map(path => `  what stood there is kept in ${path}`),
      ]
      io.stdout.write(`${lines.join('\n')}\n`)
    }
    return EXIT.clean
  }
  if (status === 422) {
    const problems = (json['problems'] ?? []) as readonly JsonProblem[]
    const lines = problems.filter(problem => problem.severity === 'error').map(({ file, range: { start }, message, code }) => `${file}:${start.line}:${start.column}: error: ${message} [${code}]\n`)
    io.stderr.write(`tonval rollback: nothing was written, because the version no longer passes the check:\n${lines.join('')}`)
    return EXIT.found
  }
  if (status === 409 || status === 412) {
    io.stderr.write(`tonval rollback: ${detail}\n`)
    return EXIT.found
  }
  throw new Error(`the server answered with ${status}: ${detail}`)
}
