/** What was heard in the sound files beside a flow. */
import type { SoundFile } from '../compile/context.ts'
import type { Heard, Listened } from '../compile/listened.ts'

/** A sound file that can be played, as it was heard. */
export interface HeardFile {
  /** Its path below the folder of flows. */
  readonly path: string
  readonly heard: Heard
}

/** Tells the path of a sound file by its hash. Several may hold the same bytes: `written` is what the flow says there. */
export function pathsIn(sounds: ReadonlyMap<string, SoundFile>): (hash: string, written: unknown) => string | undefined {
  const paths = new Map([...sounds].reverse().map(([path, { hash }]) => [hash, path]))
  return (hash, written) => {
    const named = typeof written === 'string' ? written.replace(/^\.\//, '') : ''
    return sounds.get(named)?.hash === hash ? named : paths.get(hash)
  }
}

/** Tells of a sound, by the hash of its bytes, what was heard in it; undefined where nobody listened, or nothing can be played. */
export function heardIn({ sounds, heard = new Map() }: { readonly sounds: ReadonlyMap<string, SoundFile>; readonly heard?: ReadonlyMap<string, Listened> }): (hash: string, written: unknown) => HeardFile | undefined {
  const pathOf = pathsIn(sounds)
  return (hash, written) => {
    const found = heard.get(hash)
    const path = found === undefined ? undefined : pathOf(hash, written)
    return path === undefined || found === undefined || 'trouble' in found ? undefined : { path, heard: found }
  }
}

/** What was heard of the sounds of one flow, as a text that is another where rules may say something else. */
export function heardKey(sounds: ReadonlyMap<string, SoundFile> = new Map(), heard: ReadonlyMap<string, Listened> = new Map()): string {
  return JSON.stringify([...sounds.values()].flatMap(({ hash }) => heard.get(hash) ?? []))
}
