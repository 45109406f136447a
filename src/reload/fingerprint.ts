/** What a folder looks like from outside, without reading a file: two looks that are equal hold the same. */
import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { looksLikeFlow } from '../lint/file-not-loaded.ts'
import { isCallsFile, isFlowFile, isSoundFile, MOST_ENTRIES, MOST_LEVELS } from './read-folder.ts'

/** Files that are asked for at once: the system answers four at a time, and no caller's request waits behind thousands. */
const AT_ONCE = 32

/**
 * A text that changes whenever a flow, a scripted call or a sound below the folder does, a link on the way to one of
 * them, the folder itself or what leads there; where the folder is missing, that. Device, inode, size, and the times of
 * content and inode to the nanosecond: whatever sets a file's times back changes the last of them.
 */
export async function fingerprint(folder: string): Promise<string> {
  const lines = await chain(folder)
  await look(folder, lines, 0)
  return lines.join('\n')
}

/** What tells a folder from another one that was put in its place: the links that lead there, its device and inode. */
export async function identity(folder: string): Promise<string> {
  return (await chain(folder)).join('\n')
}

async function chain(folder: string): Promise<string[]> {
  const lines: string[] = []
  for (let path = folder; ; path = dirname(path)) {
    const link = await readlink(path).catch(() => undefined)
    if (link !== undefined) lines.push(`${path} -> ${link}`)
    if (path === dirname(path)) break
  }
  const at = await stat(folder, { bigint: true }).catch((error: NodeJS.ErrnoException) => error.code)
  lines.push(`${folder} ${typeof at === 'object' ? `${at.dev}:${at.ino}` : at}`)
  return lines
}

async function look(folder: string, lines: string[], level: number): Promise<void> {
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    lines.push(`${folder} ${(error as NodeJS.ErrnoException).code}`)
    return
  }
  const wanted = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (let from = 0; from < wanted.length && lines.length < MOST_ENTRIES; from += AT_ONCE) {
    const parts = await Promise.all(wanted.slice(from, from + AT_ONCE).map(async entry => {
      const { name } = entry
      const path = join(folder, name)
      const matters = isSoundFile(name) || (level === 0 && (isFlowFile(name) || isCallsFile(name)))
      // of other files only the names count, and of those only what lint speaks of
      if (!matters && entry.isFile()) return level === 0 && looksLikeFlow(name) ? [path] : []
      if (!matters && !entry.isDirectory() && !entry.isSymbolicLink()) return []
      return one(path, entry.isSymbolicLink(), matters, level)
    }))
    for (const part of parts) lines.push(...part)
  }
}

async function one(path: string, isLink: boolean, matters: boolean, level: number): Promise<string[]> {
  const lines: string[] = []
  try {
    if (isLink) {
      const link = await lstat(path, { bigint: true })
      lines.push(`${path} -> ${link.ino}:${link.ctimeNs}`)
    }
    const file = await stat(path, { bigint: true })
    if (file.isDirectory()) {
      lines.push(`${path} ${file.dev}:${file.ino}`)
      if (level < MOST_LEVELS) await look(path, lines, level + 1)
    } else if (matters) lines.push(`${path} ${file.dev}:${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}:${file.mode}`)
  } catch (error) {
    lines.push(`${path} ${(error as NodeJS.ErrnoException).code}`)
  }
  return lines
}
