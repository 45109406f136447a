/** Mends files as their problems say, until a further round would change nothing. */
import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { check } from '../check.ts'
import type { CheckSettings, SourceSet } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import { applyFixes } from '../lint/apply-fixes.ts'
import { counted } from '../problem/findings.ts'
import { readFolder } from '../reload/read-folder.ts'
import { atomicWrite } from '../store/atomic-write.ts'
import type { Io } from './io.ts'
import type { LintFolder } from './lint-paths.ts'
import { unifiedDiff } from './unified-diff.ts'

export interface Mends {
  /** Whether files are written; else what would change is shown. */
  readonly write: boolean
  readonly unsafe: boolean
}

/** A mend can uncover a problem with a mend of its own; a circle of them ends here. */
const MOST_ROUNDS = 10

export interface MendedFile {
  /** As problems name it. */
  readonly path: string
  readonly before: string
  readonly after: string
  readonly count: number
}

/** Mends the files of folders, and says on standard error which; or gives back what would change. */
export async function mendFolders(folders: readonly LintFolder[], settings: CheckSettings, mends: Mends, io: Io): Promise<string> {
  let shown = ''
  for (const folder of folders) {
    const files = mend(await readFolder(folder.folder, new Map(), folder.shown), settings, mends.unsafe, folder.only)
    if (!mends.write) {
      shown += files.map(file => unifiedDiff(file.path, file.before, file.after)).join('')
      continue
    }
    const left = await writeMended(folder.folder, files)
    for (const { path, count } of files) {
      io.stderr.write(left.includes(path) ? `${path}: somebody changed it meanwhile, nothing was written\n` : `${path}: ${counted(count, 'problem')} mended\n`)
    }
  }
  return shown
}

/** The files of a set that mends change. `only`: names of the files that may change. Throws where a safe mend would change what the flow does: that is a fault of ours. */
export function mend(set: SourceSet, settings: CheckSettings, unsafe: boolean, only: ReadonlySet<string> | undefined): MendedFile[] {
  const counts = new Map<string, number>()
  let now = set
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { problems } = check(now, settings)
    let changed = false
    const flows = now.flows.map(file => {
      if (only !== undefined && !only.has(basename(file.path))) return file
      const { text, count } = applyFixes(file.text, problems.filter(problem => problem.file === file.path), unsafe)
      if (text === file.text) return file
      changed = true
      counts.set(file.path, (counts.get(file.path) ?? 0) + count)
      return { ...file, text }
    })
    if (!changed) break
    now = { ...now, flows }
  }
  if (!unsafe) requireSame(set, now, settings)
  return set.flows.flatMap((file, index) => {
    const after = now.flows[index]?.text ?? file.text
    return after === file.text ? [] : [{ path: file.path, before: file.text, after, count: counts.get(file.path) ?? 0 }]
  })
}

function requireSame(before: SourceSet, after: SourceSet, settings: CheckSettings): void {
  const mended = check(after, settings).served
  for (const [name, { flow }] of check(before, settings).served) {
    const other = mended.get(name)?.flow
    if (other === undefined || meaning(flow) !== meaning(other)) throw new Error(`a safe mend would change what \`${name}\` does; nothing was written`)
  }
}

/** All that a flow does, without the hash of its text. */
function meaning(flow: Flow): string {
  return JSON.stringify({ ...flow, version: '' })
}

/** Writes mended files into their folder, each whole or not at all. Resolves to the paths of those that somebody changed meanwhile: they are left alone. */
export async function writeMended(folder: string, files: readonly MendedFile[]): Promise<readonly string[]> {
  const left: string[] = []
  for (const file of files) {
    // a link stays one: what it leads to is written
    const path = await realpath(join(folder, basename(file.path)))
    const text = await readFile(path, 'utf8')
    const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
    if (text.slice(mark.length) === file.before) await atomicWrite(path, mark + file.after, (await stat(path)).mode & 0o777)
    else left.push(file.path)
  }
  return left
}
