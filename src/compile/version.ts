/** What a version of a flow is: the hash of everything that its answers depend on. */
import { createHash } from 'node:crypto'
import type { SoundFile } from './context.ts'
import type { Calendar } from './schedule/holidays.ts'

/** Part of every version: what the words of a flow mean. It grows when an old file would be answered differently. */
export const LANGUAGE = 1
/** Hex digits of a version: 80 bits of its content's SHA-256. */
const VERSION_LENGTH = 20

/** What a version is made of, so that it can be made again. */
export interface VersionSource {
  readonly language: number
  readonly name: string
  readonly path: string
  readonly text: string
  readonly sounds: readonly (readonly [path: string, file: SoundFile])[]
  /** The holidays of countries as they were known when the version was made; only where schedules ask for them. */
  readonly holidays?: readonly (readonly [country: string, calendar: Calendar])[]
  /** The texts of the lists and tables that it names, where it names some. */
  readonly files?: readonly (readonly [path: string, text: string])[]
  /** The sources of all other flows that can be reached from it, where there are some, by name. What they play and name stands above. */
  readonly uses?: readonly UsedSource[]
}

export interface UsedSource {
  readonly name: string
  readonly path: string
  readonly text: string
}

/** The hash of everything that a flow's answers depend on. */
export function versionOf(source: VersionSource): string {
  const { language, name, text, sounds, holidays, files, uses } = source
  // a version without holidays, files and other flows keeps the hash that it had before there were any
  const content = JSON.stringify([
    language, name, text, sounds.map(([path, file]) => [path, file.hash, file.format ?? '']), ...(holidays === undefined ? [] : [holidays]), ...(files === undefined ? [] : [{ files }]),
    ...(uses === undefined ? [] : [{ uses: uses.map(used => [used.name, used.text]) }]),
  ])
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_LENGTH)
}
