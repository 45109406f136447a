/** The secret that seals calls: from the settings, or made once and kept in the data folder. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atomicWrite } from './atomic-write.ts'

const SHORTEST = 16

/** The secrets in rotation; the first signs. Throws where the data folder cannot be read or written. */
export async function readSecrets(data: string, setting: string | undefined): Promise<string[]> {
  if (setting !== undefined && setting.trim() !== '') return setting.split(',').map(secret => secret.trim()).filter(secret => secret !== '')
  await mkdir(data, { recursive: true })
  const path = join(data, 'secret')
  try {
    const kept = (await readFile(path, 'utf8')).trim()
    if (kept !== '' && kept.length < SHORTEST) throw new Error(`its file \`secret\` holds fewer than ${SHORTEST} characters; delete that file, and a new one is made (calls in progress are lost)`)
    if (kept !== '') return [kept]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const made = randomBytes(32).toString('base64url')
  await atomicWrite(path, `${made}\n`, 0o600)
  return [made]
}
