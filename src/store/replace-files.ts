/** Writes files of the flows' folder as a person would have to: whole, with the rights that they had, and never outside the folder. */
import { randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { access, constants, lstat, mkdir, open, readdir, realpath, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'

export interface Replacement {
  /** Below the folder. */
  readonly path: string
  readonly content: Buffer
}

/** A file cannot be replaced as things are; says which, and why. */
export class CannotReplace extends Error {
  override readonly name = 'CannotReplace'
}

interface Prepared {
  readonly temporary: string
  readonly target: string
}

/**
 * Replaces files of a folder, all at the same moment: a reader sees none of them or all, whatever is cut off meanwhile.
 * A link is followed where it stays in the folder. Throws CannotReplace where one of them may not be written; then none is.
 */
export async function replaceFiles(folder: string, replacements: readonly Replacement[]): Promise<void> {
  const prepared: Prepared[] = []
  try {
    const root = await realpath(folder)
    for (const one of replacements) prepared.push(await prepare(root, one))
    // in one go, so that nothing in this process can read in between
    for (const { temporary, target } of prepared) renameSync(temporary, target)
  } catch (error) {
    await Promise.all(prepared.map(({ temporary }) => rm(temporary, { force: true })))
    if (error instanceof CannotReplace) throw error
    throw new CannotReplace(inWords(error as NodeJS.ErrnoException), { cause: error })
  }
  await Promise.all([...new Set(prepared.map(({ target }) => dirname(target)))].map(syncFolder))
}

/** What may be left of a process that was killed while it wrote: by its name, and older than any writing takes. */
const LEFT = /^\..+\.[0-9a-f]{12}\.tmp$/
const WRITING = 3600_000

/** Removes what processes left that were killed while they wrote into a folder. Never rejects. */
export async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!LEFT.test(name)) continue
    const path = join(folder, name)
    const found = await lstat(path).catch(() => undefined)
    if (found?.isFile() === true && Date.now() - found.mtimeMs > WRITING) await rm(path, { force: true }).catch(() => undefined)
  }
}

function inWords({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `the folder of flows cannot be written (${code}): let the server's user write there, or edit the file yourself`
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full'
  return `the file cannot be written: ${message}`
}

async function prepare(root: string, { path, content }: Replacement): Promise<Prepared> {
  const { target, mode, owner } = await targetOf(root, path)
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(temporary, 'wx', mode ?? 0o666)
  try {
    await file.writeFile(content)
    // the umask may have taken rights away that the file had
    if (mode !== undefined) await file.chmod(mode)
    if (owner !== undefined) await file.chown(owner.uid, owner.gid).catch(() => undefined)
    await file.sync()
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return { temporary, target }
}

async function targetOf(root: string, path: string): Promise<{ target: string; mode?: number; owner?: { uid: number; gid: number } }> {
  const written = join(root, path)
  if (!written.startsWith(root + sep)) throw new CannotReplace(`\`${path}\` is outside the folder of flows`)
  const found = await lstat(written).catch(ignoreMissing)
  if (found === undefined) {
    await mkdir(dirname(written), { recursive: true })
    return { target: join(inside(root, await realpath(dirname(written)), path), basename(written)) }
  }
  const target = await realpath(written).catch(ignoreMissing)
  if (target === undefined) throw new CannotReplace(`\`${path}\` is a link that leads nowhere`)
  inside(root, target, path)
  const file = await stat(target)
  if (!file.isFile()) throw new CannotReplace(`\`${path}\` is a folder or a device, not a file`)
  // a rename would replace a file that nobody may write
  await access(target, constants.W_OK)
  return { target, mode: file.mode & 0o7777, owner: { uid: file.uid, gid: file.gid } }
}

function inside(root: string, real: string, path: string): string {
  if (real !== root && !real.startsWith(root + sep)) throw new CannotReplace(`\`${path}\` is a link that leads out of the folder of flows: edit the file where it really is`)
  return real
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
  return undefined
}

/** Without it a rename may not survive a power cut; some file systems cannot. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r').catch(() => undefined)
  await opened?.sync().catch(() => undefined)
  await opened?.close()
}
