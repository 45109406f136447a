/** Files that are there whole or not at all. */
import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'

/** Writes a file so that a crash leaves the old one, or none. Throws what the disk says; then nothing is left behind. */
export async function atomicWrite(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await writeBeside(path, content, mode, temporary => rename(temporary, path))
}

/** Writes a file where there is none: of several who do it at once, the first one's stays. Throws what the disk says. */
export async function atomicCreate(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await writeBeside(path, content, mode, async temporary => {
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined
      // not every disk knows links
      return rename(temporary, path)
    })
    await rm(temporary, { force: true })
  })
}

async function writeBeside(path: string, content: string | Buffer, mode: number, place: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      // without it a rename may survive a power cut and the content not
      await file.sync()
    } finally {
      await file.close()
    }
    await place(temporary)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
