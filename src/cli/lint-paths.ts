/** The paths of `tonval lint` → the folders to read: a flow is always checked with its whole folder, whose sounds it names. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { isFlowFile } from '../reload/read-folder.ts'
import { nearest } from '../validate/nearest.ts'
import { UsageError } from './io.ts'

export interface LintFolder {
  readonly folder: string
  /** As it was named, for the names in problems. */
  readonly shown: string
  /** File names whose problems are shown; undefined: all. */
  readonly only: ReadonlySet<string> | undefined
}

const CALLS = '.calls.yaml'

/** The folders that the paths name, each once, in the order in which they are named first. Throws a UsageError for a path that holds nothing to check; `unsaved` names a file that need not exist. */
export async function lintFolders(paths: readonly string[], cwd: string, unsaved?: string): Promise<readonly LintFolder[]> {
  const folders = new Map<string, LintFolder>()
  for (const path of paths) {
    const kind = path === unsaved ? 'file' : await kindOf(path, cwd)
    if (kind === 'file') await requireFlowName(path, cwd)
    if (path === unsaved && path.endsWith(CALLS)) throw new UsageError(`\`${path}\` is no flow: \`--stdin-name\` takes a flow's file`)
    const shown = join(kind === 'folder' ? path : dirname(path))
    const folder = resolve(cwd, shown)
    if (kind === 'folder') await requireFlows(shown, folder)
    else if (path === unsaved && await kindOf(shown, cwd) !== 'folder') throw new UsageError(`\`${shown}\` is no folder: \`--stdin-name\` names a file in a folder of flows`)
    const before = folders.get(folder)
    const only = kind === 'folder' || (before !== undefined && before.only === undefined)
      ? undefined
      : new Set([...(before?.only ?? []), flowOf(basename(path))])
    folders.set(folder, { folder, shown: before?.shown ?? shown, only })
  }
  return [...folders.values()]
}

/** The flow that a file belongs to: scripted calls guard the flow of the same name, and `flows/*.yaml` names them too. */
function flowOf(name: string): string {
  return name.endsWith(CALLS) ? `${name.slice(0, -CALLS.length)}.yaml` : name
}

/** Whether a flow was named. Its scripted calls are named with it: one that fails keeps the flow from going live. */
export function isNamed(folder: LintFolder, flow: string): boolean {
  return folder.only === undefined || folder.only.has(`${flow}.yaml`)
}

async function kindOf(path: string, cwd: string): Promise<'file' | 'folder'> {
  const folder = resolve(cwd, dirname(path))
  try {
    return (await stat(resolve(cwd, path))).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    const entries = await readdir(folder).catch((): string[] => [])
    // a link that leads nowhere is there: what is wrong with it is said as a problem
    if (entries.includes(basename(path)) && extname(path) === '.yaml') return 'file'
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new UsageError(`\`${path}\` cannot be read: ${(error as Error).message}`, { cause: error })
    const meant = nearest(basename(path), entries)
    throw new UsageError(`there is no file or folder \`${path}\`${meant === undefined ? '' : `; did you mean \`${join(dirname(path), meant)}\`?`}`, { cause: error })
  }
}

async function requireFlowName(path: string, cwd: string): Promise<void> {
  const name = basename(path)
  if (isFlowFile(name)) return
  if (name.endsWith(CALLS)) {
    const flow = join(dirname(path), flowOf(name))
    if (await kindOf(flow, cwd).catch(() => undefined) === 'file') return
    throw new UsageError(`\`${path}\` holds calls for \`${flow}\`, which is not there`)
  }
  if (name.endsWith('.yml')) throw new UsageError(`\`${path}\` would not be served: a flow's file ends in \`.yaml\`; rename it`)
  throw new UsageError(`\`${path}\` is no flow: a flow's file ends in \`.yaml\``)
}

async function requireFlows(shown: string, folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: Error) => {
    throw new UsageError(`the folder \`${shown}\` cannot be read: ${error.message}`, { cause: error })
  })
  if (entries.some(isFlowFile)) return
  const other = entries.find(name => name.endsWith('.yml'))
  if (other !== undefined) throw new UsageError(`there is no flow in \`${shown}\`: a flow's file ends in \`.yaml\`; rename \`${other}\``)
  throw new UsageError(`there is no flow in \`${shown}\`: a flow is a file that ends in \`.yaml\`${entries.includes('flows') ? `; did you mean \`${join(shown, 'flows')}\`?` : ''}`)
}
