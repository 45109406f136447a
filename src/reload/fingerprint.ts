/** What a folder looks like from outside, without reading a file: two that are equal hold the same. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const MOST_LEVELS = 4
const MOST_ENTRIES = 20_000

/** A text that changes when any file below the folder does, the links on the way included; where the folder is missing, that. */
export async function fingerprint(folder: string): Promise<string> {
  const lines: string[] = []
  await look(folder, lines, 0)
  return lines.join('\n')
}

async function look(folder: string, lines: string[], level: number): Promise<void> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    lines.push(`${folder} ${(error as NodeJS.ErrnoException).code}`)
    return
  }
  for (const name of names.sort()) {
    if (name.startsWith('.') || lines.length >= MOST_ENTRIES) continue
    const path = join(folder, name)
    try {
      const file = await stat(path, { bigint: true })
      if (file.isDirectory()) {
        lines.push(`${path} ${file.dev}:${file.ino}`)
        if (level < MOST_LEVELS) await look(path, lines, level + 1)
      } else lines.push(`${path} ${file.dev}:${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}:${file.mode}`)
    } catch (error) {
      lines.push(`${path} ${(error as NodeJS.ErrnoException).code}`)
    }
  }
}
