/** Versions for commands: from a running server where one answers, else from the data folder. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { VersionSource } from '../check.ts'
import { listVersions } from '../store/list-versions.ts'
import type { StoredVersion } from '../store/stored-version.ts'
import { openVersionStore } from '../store/version-store.ts'
import type { VersionStore } from '../store/version-store.ts'
import { adminClient, NoServer } from './admin-client.ts'
import type { AdminClient } from './admin-client.ts'
import { UsageError } from './io.ts'
import type { Io } from './io.ts'

/** A version, and what a running server knows of its calls. */
export interface ListedVersion extends StoredVersion {
  /** Since the server started; absent where none was asked. */
  readonly started?: number
  readonly inProgress?: number
}

export type Stored =
  | { readonly from: 'server'; readonly client: AdminClient }
  | { readonly from: 'folder'; readonly data: string; readonly store: VersionStore }

interface Where {
  readonly admin: string | undefined
  readonly data: string | undefined
}

/** What the options name: `--data` a folder, `--admin` a server; neither: the server, and the folder where none answers. Throws a UsageError where there is nothing. */
export async function findStored({ admin, data }: Where, io: Io): Promise<Stored> {
  if (admin !== undefined && data !== undefined) throw new UsageError('`--admin` asks a running server, `--data` reads a folder: choose one')
  if (data === undefined) {
    const client = adminClient(admin, io.env)
    try {
      await client.ask('GET', '/api/flows')
      return { from: 'server', client }
    } catch (error) {
      if (!(error instanceof NoServer)) throw error
      if (admin !== undefined) throw new UsageError(`${error.message}: is it running? With \`--data DIR\` its folder is read instead`, { cause: error })
    }
  }
  const folder = resolve(io.cwd, data ?? (io.env['TONVAL_DATA'] || '.tonval'))
  const found = await stat(`${folder}/versions`).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new UsageError(`no server answers, and there are no versions in ${folder}: name the server with \`--admin HOST:PORT\`, or its data folder with \`--data DIR\``)
  return { from: 'folder', data: folder, store: await openVersionStore(folder) }
}

/** All versions, of each flow the live one first. */
export async function versionsIn(stored: Stored): Promise<readonly ListedVersion[]> {
  if (stored.from === 'folder') return listVersions(stored.data, await stored.store.live())
  const { status, json } = await stored.client.ask('GET', '/api/versions')
  if (status !== 200) throw new Error(`the server at ${stored.client.address} answered with ${status}`)
  return json['versions'] as ListedVersion[]
}

/** The source of a version; undefined where it is not there. */
export async function sourceIn(stored: Stored, version: string): Promise<VersionSource | undefined> {
  if (stored.from === 'folder') return stored.store.load(version)
  const { status, json } = await stored.client.ask('GET', `/api/versions/${version}`)
  return status === 200 ? json['source'] as VersionSource : undefined
}
