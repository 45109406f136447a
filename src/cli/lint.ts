/** `tonval lint`: says what is wrong with flows, in the form that the reader asks for. */
import { basename, dirname, join, resolve } from 'node:path'
import { sourcesOf } from '../check.ts'
import type { SourceFile, SourceSet } from '../check.ts'
import type { Findings } from '../problem/findings.ts'
import { compareProblems } from '../problem/problem.ts'
import type { Problem, Severity } from '../problem/problem.ts'
import { renderCompact } from '../problem/render-compact.ts'
import { renderGithub } from '../problem/render-github.ts'
import { renderJson } from '../problem/render-json.ts'
import { renderJunit } from '../problem/render-junit.ts'
import { renderPretty, USUAL_WIDTH } from '../problem/render-pretty.ts'
import { renderSarif } from '../problem/render-sarif.ts'
import { readFolder } from '../reload/read-folder.ts'
import { openSounds } from './check-as-served.ts'
import type { Sounds } from './check-as-served.ts'
import { checkSettings } from './check-settings.ts'
import { mendFolders } from './fix.ts'
import type { Mends } from './fix.ts'
import { EXIT, UsageError, wantsColor } from './io.ts'
import type { Command, Io } from './io.ts'
import { isNamed, lintFolders } from './lint-paths.ts'
import type { LintFolder } from './lint-paths.ts'
import { readOptions } from './options.ts'
import { version } from './version.ts'

const FORMATS = ['pretty', 'compact', 'json', 'sarif', 'github', 'junit'] as const
type Format = (typeof FORMATS)[number]
const LEVELS = ['error', 'warning', 'info', 'never'] as const
type Level = (typeof LEVELS)[number]

const HELP = `tonval lint: checks flows, without serving them

Usage: tonval lint [PATH…]
       tonval lint --stdin-name FILE -

PATH is a folder of flows (default: flows) or one of its files. A file is checked with
its whole folder; shown are the problems of the flows that were named and of their
scripted calls (NAME.calls.yaml).

  --format FORMAT    pretty (default), compact, json, sarif, github or junit
  --fail-on LEVEL    exit with 1 where there is an error (default), a warning, an info; or never
  --info             shows infos too
  --no-calls         leaves scripted calls out
  --fix              mends what can be mended without changing what a flow does, then checks again
  --unsafe           with --fix or --diff: mends that change what a flow does, too
  --diff             shows what --fix would change, and writes nothing
  --watch            again whenever a file changes, until Ctrl-C
  --stdin-name FILE  with \`-\` as PATH: checks standard input as if it stood in FILE
  -h, --help

Exit status: 0 clean, 1 problems at or above --fail-on (or --diff shows something), 2 bad usage or nothing to check,
3 a fault of tonval. With --watch that of the last check.
`

interface Request {
  readonly folders: readonly LintFolder[]
  readonly format: Format
  readonly failOn: Level
  readonly info: boolean
  readonly calls: boolean
  /** Standard input, to be checked as this file. */
  readonly unsaved: { readonly path: string; readonly text: string } | undefined
}

export const lint: Command = async (args, io) => {
  const options = readOptions(args, { format: FORMATS, 'fail-on': LEVELS, info: 'flag', 'no-calls': 'flag', fix: 'flag', unsafe: 'flag', diff: 'flag', watch: 'flag', 'stdin-name': 'text' })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const failOn = (options.text('fail-on') ?? 'error') as Level
  const stdinName = options.text('stdin-name')
  const paths = pathsOf(options.rest, stdinName)
  const request: Request = {
    folders: await lintFolders(paths, io.cwd, stdinName),
    format: (options.text('format') ?? 'pretty') as Format,
    failOn,
    // what fails must be seen
    info: options.flag('info') || failOn === 'info',
    calls: !options.flag('no-calls'),
    unsaved: stdinName === undefined ? undefined : { path: join(stdinName), text: await readAll(io.stdin) },
  }
  const mends = mendsOf(options)
  if (options.flag('watch')) {
    if (mends !== undefined || request.unsaved !== undefined) throw new UsageError('`--watch` looks at files and changes none: it does not go with `--fix`, `--diff` or standard input')
    const { whenChanged } = await import('./watching.ts')
    return whenChanged(request.folders.map(({ folder }) => folder), again => say(request, again), io)
  }
  if (mends !== undefined) {
    if (request.unsaved !== undefined) throw new UsageError(`\`--${mends.write ? 'fix' : 'diff'}\` mends files, and standard input is none`)
    const shown = await mendFolders(request.folders, checkSettings(io.env), mends, io)
    if (!mends.write) {
      io.stdout.write(shown)
      return shown === '' ? EXIT.clean : EXIT.found
    }
  }
  return say(request, io)
}

async function say(request: Request, io: Io): Promise<number> {
  const findings = await find(request, io)
  const fails = failing(request.failOn)
  io.stdout.write(render(findings, request.format, fails, io))
  return findings.problems.some(fails) ? EXIT.found : EXIT.clean
}

function mendsOf(options: { readonly flag: (name: 'fix' | 'unsafe' | 'diff') => boolean }): Mends | undefined {
  const write = options.flag('fix') && !options.flag('diff')
  const unsafe = options.flag('unsafe')
  if (!options.flag('fix') && !options.flag('diff')) {
    if (unsafe) throw new UsageError('`--unsafe` goes with `--fix` or `--diff`')
    return undefined
  }
  return { write, unsafe }
}

function pathsOf(rest: readonly string[], stdinName: string | undefined): readonly string[] {
  const dash = rest.includes('-')
  if (dash && stdinName === undefined) throw new UsageError('`-` reads standard input: say with `--stdin-name FILE` which file it is')
  if (!dash && stdinName !== undefined) throw new UsageError(`\`--stdin-name ${stdinName}\` goes with \`-\` as the path: \`tonval lint --stdin-name ${stdinName} -\``)
  const paths = rest.map(path => (path === '-' ? stdinName as string : path))
  return paths.length === 0 ? ['flows'] : paths
}

async function readAll(stream: Io['stdin']): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  return Buffer.concat(chunks).toString('utf8').replace(/^\uFEFF/, '')
}

async function find(request: Request, io: Io): Promise<Findings> {
  const sounds = openSounds(checkSettings(io.env), io)
  try {
    return await findWith(sounds, request, io)
  } finally {
    await sounds.close()
  }
}

async function findWith(sounds: Sounds, request: Request, io: Io): Promise<Findings> {
  const { cwd } = io
  const isWatched = io.stderr.isTTY === true
  const problems: Problem[] = []
  const sources = new Map<string, string>()
  const files: string[] = []
  let states = 0
  for (const folder of request.folders) {
    const all = withUnsaved(await readFolder(folder.folder, new Map(), folder.shown), folder, cwd, request.unsaved)
    const set = request.calls ? all : { ...all, calls: [] }
    const { checked } = await sounds.check(set, folder.folder, isWatched ? { progress: (path, done, total) => io.stderr.write(`\r\u001b[Kchecking ${path} (${done + 1} of ${total})`) } : {})
    const named = set.flows.filter(flow => isNamed(folder, flow.name))
    const paths = new Set([...named, ...(set.calls ?? []).filter(calls => isNamed(folder, calls.name))].map(file => file.path))
    files.push(...paths)
    for (const flow of named) states += checked.states.get(flow.name) ?? 0
    for (const [path, flows] of checked.beside) if (named.some(flow => flows.includes(flow.name))) paths.add(path)
    // what is wrong with a flow that a named one uses keeps that one from going live
    for (const flow of set.flows) if (!paths.has(flow.path) && named.some(one => checked.refused.includes(one.name) && checked.uses.get(one.name)?.includes(flow.name) === true)) paths.add(flow.path)
    // of a whole folder also what lies beside the flows
    problems.push(...checked.problems.filter(problem => (folder.only === undefined || paths.has(problem.file)) && (request.info || problem.severity !== 'info')))
    // all of them: a related place may stand in a file that was not named
    for (const [path, text] of sourcesOf(set)) sources.set(path, text)
  }
  if (isWatched) io.stderr.write('\r\u001b[K')
  return { problems: problems.sort(compareProblems), sources, checked: { files: files.sort(), states } }
}

/** The folder with standard input in the place of the file that it is to be. */
function withUnsaved(set: SourceSet, folder: LintFolder, cwd: string, unsaved: Request['unsaved']): SourceSet {
  if (unsaved === undefined || resolve(cwd, dirname(unsaved.path)) !== folder.folder) return set
  const name = basename(unsaved.path)
  const file: SourceFile = { name: basename(name, '.yaml'), path: join(folder.shown, name), text: unsaved.text }
  return { ...set, flows: [...set.flows.filter(flow => flow.path !== file.path), file] }
}

/** Which problems make the exit status 1. */
function failing(level: Level): (problem: Problem) => boolean {
  const severities: readonly Severity[] = level === 'never' ? [] : LEVELS.slice(0, LEVELS.indexOf(level) + 1) as Severity[]
  return problem => severities.includes(problem.severity)
}

function render(findings: Findings, format: Format, fails: (problem: Problem) => boolean, io: Io): string {
  switch (format) {
    case 'pretty': return renderPretty(findings, { color: wantsColor(io.stdout, io.env), width: io.stdout.columns ?? USUAL_WIDTH })
    case 'compact': return renderCompact(findings)
    case 'json': return renderJson(findings)
    case 'sarif': return renderSarif(findings, version())
    case 'github': return renderGithub(findings)
    case 'junit': return renderJunit(findings, fails)
  }
}
