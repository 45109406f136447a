/** `tonval test`: holds the scripted calls against their flows, over `step` and over HTTP. */
import { checkCalls, sourcesOf } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import type { Problem } from '../problem/problem.ts'
import { compareProblems } from '../problem/problem.ts'
import { USUAL_WIDTH } from '../problem/render-pretty.ts'
import { readFolder } from '../reload/read-folder.ts'
import type { Held } from '../simulate/simulate.ts'
import { checkSettings } from './check-settings.ts'
import { coverageOf, percent } from './coverage.ts'
import { holdTwice } from './hold-twice.ts'
import { EXIT, UsageError, wantsColor } from './io.ts'
import type { Command, Io } from './io.ts'
import { isNamed, lintFolders } from './lint-paths.ts'
import type { LintFolder } from './lint-paths.ts'
import { readOptions } from './options.ts'
import { hasFailed, renderTestJson, renderTestJunit, renderTestPretty, renderTestTap } from './test-formats.ts'
import type { TestReport } from './test-formats.ts'

const FORMATS = ['pretty', 'json', 'junit', 'tap'] as const
type Format = (typeof FORMATS)[number]

const HELP = `tonval test: holds the scripted calls against their flows

Usage: tonval test [PATH…]

PATH is a folder of flows (default: flows), a flow, or a file of scripted calls
(NAME.calls.yaml). Each call is held twice: by itself, and over HTTP against a server in
this process, with the carrier played in virtual time. Both must go the same way.

  --format FORMAT   pretty (default), json, junit or tap
  --filter TEXT     only calls with this text in their names
  --coverage        shows the states and edges that no call walks: every target written in
                    a state, and \`sorry\` and \`silent\`, which ask again
  --min N           fails where fewer than N % of the edges are walked
  --readings all    holds each call under every reading of what the carrier's
                    documentation leaves open, each alone and all together
  --watch           again whenever a file changes
  -h, --help

Exit status: 0 all pass, 1 some fail, 2 bad usage or nothing to hold, 3 a fault of tonval.
`

interface Request {
  readonly folders: readonly LintFolder[]
  readonly format: Format
  readonly filter: string
  readonly coverage: boolean
  readonly min: number | undefined
  readonly allReadings: boolean
}

export const test: Command = async (args, io) => {
  const options = readOptions(args, { format: FORMATS, filter: 'text', coverage: 'flag', min: 'text', readings: ['cautious', 'all'], watch: 'flag' })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const min = readMin(options.text('min'))
  const request: Request = {
    folders: await lintFolders(options.rest.length === 0 ? ['flows'] : options.rest, io.cwd), format: (options.text('format') ?? 'pretty') as Format,
    filter: options.text('filter') ?? '', coverage: options.flag('coverage') || min !== undefined, min, allReadings: options.text('readings') === 'all',
  }
  if (!options.flag('watch')) return run(request, io)
  const { whenChanged } = await import('./watching.ts')
  return whenChanged(request.folders.map(({ folder }) => folder), again => run(request, again), io)
}

function readMin(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,3}$/.test(text) || Number(text) > 100) throw new UsageError(`\`--min\` is a whole percentage from 0 to 100, and \`${text}\` was given`)
  return Number(text)
}

async function run(request: Request, io: Io): Promise<number> {
  const report = await hold(request, io)
  io.stdout.write(render(report, request.format, io))
  return hasFailed(report) ? EXIT.found : EXIT.clean
}

async function hold(request: Request, io: Io): Promise<TestReport> {
  const problems: Problem[] = []
  const held: Held[] = []
  // calls of other flows walk through a flow that they run
  const walking: Held[] = []
  const flows: Flow[] = []
  const sources = new Map<string, string>()
  for (const folder of request.folders) {
    const set = await readFolder(folder.folder, new Map(), folder.shown)
    const files = [...set.flows, ...(set.calls ?? [])]
    for (const [path, text] of sourcesOf(set)) sources.set(path, text)
    const named = new Set(files.filter(file => isNamed(folder, file.name)).map(file => file.path))
    const checked = checkCalls(set, checkSettings(io.env))
    const isShown = (file: string): boolean => named.has(file) || checked.beside.get(file)?.some(flow => isNamed(folder, flow)) === true
    // a call that fails is told by itself, and a warning keeps nothing from being held
    problems.push(...checked.problems.filter(problem => isShown(problem.file) && problem.severity === 'error' && problem.code !== 'call-fails'))
    // the calls of a flow that others run are theirs
    const own = checked.held.filter(one => named.has(one.script.file) || checked.uses.get(one.flow.name)?.some(name => isNamed(folder, name)) === true)
    walking.push(...checked.held)
    held.push(...own.filter(one => one.script.name.toLowerCase().includes(request.filter.toLowerCase())))
    flows.push(...checked.sound.filter(flow => named.has(flow.file)))
  }
  if (held.length === 0 && problems.length === 0) {
    throw new UsageError(request.filter === '' ? `there are no scripted calls: those of \`support.yaml\` stand in \`support.calls.yaml\`` : `no call has \`${request.filter}\` in its name`)
  }
  const results = await holdTwice(held, request.allReadings, progress(io, held.length))
  if (io.stderr.isTTY === true) io.stderr.write('\r\u001b[K')
  const coverage = request.coverage ? coverageOf(flows, request.filter === '' ? walking : held) : undefined
  const tooFew = request.min !== undefined && coverage !== undefined && percent(coverage) < request.min ? request.min : undefined
  return { results, problems: problems.sort(compareProblems), sources, coverage, tooFew }
}

function progress(io: Io, total: number): (done: number) => void {
  return done => {
    if (io.stderr.isTTY === true) io.stderr.write(`\r\u001b[K${done} of ${total} calls`)
  }
}

function render(report: TestReport, format: Format, io: Io): string {
  switch (format) {
    case 'pretty': return renderTestPretty(report, { color: wantsColor(io.stdout, io.env), width: io.stdout.columns ?? USUAL_WIDTH })
    case 'json': return renderTestJson(report)
    case 'junit': return renderTestJunit(report)
    case 'tap': return renderTestTap(report)
  }
}
