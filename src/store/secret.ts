/** The secret that seals calls: from the settings, or made once and kept in the data folder. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { atomicCreate } from './atomic-write.ts'

const SHORTEST = 16

/** The secrets in rotation; the first signs. Throws where the data folder cannot be read or written. */
export async function readSecrets(data: string, setting: string | undefined): Promise<string[]> {
  if (setting !== undefined && setting.trim() !== '') return setting.split(',').map(secret => secret.trim()).filter(secret => secret !== '')
  await mkdir(data, { recursive: true })
  const path = join(data, 'secret')
  const kept = await keptIn(path)
  if (kept === '') await rm(path, { force: true })
  if (kept !== undefined && kept !== '') return [kept]
  // another server may begin in this moment: both seal with what is there then
  await atomicCreate(path, `${randomBytes(32).toString('base64url')}\n`, 0o600)
  return [await keptIn(path) as string]
}

/** What the file holds; undefined where there is none. */
async function keptIn(path: string): Promise<string | undefined> {
  const kept = (await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  }))?.trim()
  if (kept !== undefined && kept !== '' && kept.length < SHORTEST) throw new Error(`its file \`secret\` holds fewer than ${SHORTEST} characters; delete that file, and a new one is made (calls in progress are lost)`)
  return kept
}
