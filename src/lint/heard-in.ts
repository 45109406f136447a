/** What was heard in the sound files beside a flow. */
import type { SoundFile } from '../compile/context.ts'
import type { Heard, Listened } from '../compile/listened.ts'

/** A sound file that can be played, as it was heard. */
export interface HeardFile {
  /** Its path below the folder of flows. */
  readonly path: string
  readonly heard: Heard
}

/** Tells of a sound, by the hash of its bytes, what was heard in it; undefined where nobody listened, or nothing can be played. */
export function heardIn({ sounds, heard = new Map() }: { readonly sounds: ReadonlyMap<string, SoundFile>; readonly heard?: ReadonlyMap<string, Listened> }): (hash: string) => HeardFile | undefined {
  const paths = new Map([...sounds].map(([path, { hash }]) => [hash, path]))
  return hash => {
    const path = paths.get(hash)
    const found = heard.get(hash)
    return path === undefined || found === undefined || 'trouble' in found ? undefined : { path, heard: found }
  }
}

/** What was heard of the sounds of one flow, as a text that is another where rules may say something else. */
export function heardKey(sounds: ReadonlyMap<string, SoundFile> = new Map(), heard: ReadonlyMap<string, Listened> = new Map()): string {
  return JSON.stringify([...sounds.values()].flatMap(({ hash }) => heard.get(hash) ?? []))
}
