/** The flow that an argument names: by its name in the folder of the flows, or by its file. */
import { basename, dirname, resolve } from 'node:path'
import { check, sourcesOf } from '../check.ts'
import type { Served, SourceFile, SourceSet } from '../check.ts'
import { renderPretty, USUAL_WIDTH } from '../problem/render-pretty.ts'
import { readFolder } from '../reload/read-folder.ts'
import { nearest } from '../validate/nearest.ts'
import { checkSettings } from './check-settings.ts'
import { UsageError, wantsColor } from './io.ts'
import type { Io } from './io.ts'

export interface NamedFlow {
  readonly file: SourceFile
  /** Everything beside it, too. */
  readonly set: SourceSet
  readonly folder: string
}

/** What the messages of a command say. */
export interface Naming {
  /** What a FLOW is named for: "call". */
  readonly verb: string
  /** What to do where the folder is not there. */
  readonly hint: string
}

/** Finds the flow. Throws a UsageError where there is none, or several and none was named. */
export async function findNamedFlow(wanted: string | undefined, dir: string, io: Io, { verb, hint }: Naming): Promise<NamedFlow> {
  const isFile = wanted?.endsWith('.yaml') === true
  const shown = isFile ? dirname(wanted) : dir
  const name = isFile ? basename(wanted, '.yaml') : wanted
  const folder = resolve(io.cwd, shown)
  const set = await readFolder(folder, new Map(), shown).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`
    throw new UsageError(`the folder \`${shown}\` ${what}; ${hint}`, { cause: error })
  })
  const names = set.flows.map(flow => flow.name)
  if (names.length === 0) throw new UsageError(`there is no flow in \`${shown}\`: a flow is a file that ends in \`.yaml\``)
  if (name === undefined && names.length > 1) throw new UsageError(`there are ${names.length} flows in \`${shown}\`; name the one to ${verb}: ${names.join(', ')}`)
  const file = name === undefined ? set.flows[0] : set.flows.find(flow => flow.name === name)
  if (file !== undefined) return { file, set, folder }
  const meant = nearest(name as string, names)
  throw new UsageError(`there is no flow \`${name}\` in \`${shown}\`; ${meant === undefined ? `there are: ${names.join(', ')}` : `did you mean \`${meant}\`?`}`)
}

/** The flow, checked with its folder; undefined for one with errors, which are shown. */
export function checkNamedFlow({ file, set }: NamedFlow, io: Io): Served | undefined {
  const checked = check(set, checkSettings(io.env))
  const served = checked.served.get(file.name)
  if (served !== undefined) return served
  const files = set.flows.filter(flow => flow === file || checked.uses.get(file.name)?.includes(flow.name) === true).map(flow => flow.path)
  const problems = checked.problems.filter(problem => (files.includes(problem.file) || checked.beside.get(problem.file)?.includes(file.name) === true) && problem.severity === 'error')
  const sources = sourcesOf(set)
  io.stderr.write(renderPretty(
    { problems, sources, checked: { files, states: checked.states.get(file.name) ?? 0 } },
    { color: wantsColor(io.stderr, io.env), width: io.stderr.columns ?? USUAL_WIDTH },
  ))
  return undefined
}
