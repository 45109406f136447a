/** A check that comes out as a server's does: with the sounds of the flows heard, and what they have spoken tried. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { check, needs } from '../check.ts'
import type { CheckOptions, CheckSettings, Memo, SourceSet } from '../check.ts'
import type { Studio } from '../prompts/studio.ts'
import { checkWithSounds, hear, makeSounds } from '../reload/check-with-sounds.ts'
import type { CheckedWithSounds } from '../reload/check-with-sounds.ts'
import { trySounds } from '../reload/try-sounds.ts'
import type { Io } from './io.ts'
import { speechSettings } from './speech-settings.ts'

/** Sounds of a folder that are listened to while its flows are read: a thread has time for so many meanwhile. */
const HEAD_START = 8

/** Listens and speaks for commands: whatever takes a thread and an engine starts when the first flow asks for it. */
export interface Sounds {
  /** `all`: makes what flows have spoken, where else it is only tried. */
  check(set: SourceSet, folder: string, options?: Omit<CheckOptions, 'memo'> & { readonly all?: boolean }): Promise<CheckedWithSounds>
  close(): Promise<void>
}

/** What is heard and made is kept in the data folder, where the server has made one; else it is forgotten. */
export function openSounds(settings: CheckSettings, { env, cwd }: Pick<Io, 'env' | 'cwd'>): Sounds {
  let opened: Promise<Studio> | undefined
  const open = async (): Promise<Studio> => {
    const data = resolve(cwd, env['TONVAL_DATA'] || '.tonval')
    const isThere = await stat(data).then(found => found.isDirectory(), () => false)
    const { openStudio } = await import('../prompts/studio.ts')
    return openStudio({ ...speechSettings(env), ...(isThere ? { data } : {}) })
  }
  const studio = (): Promise<Studio> => (opened ??= open())
  // what an engine of somebody else's says to one text, it need not say to another
  const { command, service } = speechSettings(env)
  const isKnown = command === undefined && service === undefined
  return {
    async check(set, folder, { all = false, ...options } = {}) {
      const memo = remember()
      const asked = { needs: async (one: SourceSet) => needs(one, settings, { memo }), check: async (one: SourceSet) => check(one, settings, { ...options, memo }) }
      const late: Pick<Studio, 'listen' | 'make'> = { listen: async sound => (await studio()).listen(sound), make: async (recipe, places) => (await studio()).make(recipe, places) }
      // which of them flows play is known when these are read; the thread need not wait for that, and reading gives nobody else a turn
      if (set.sounds.size > 0) {
        await studio()
        void hear(new Map([...set.sounds].slice(0, HEAD_START)), late, folder)
        await setImmediate()
      }
      return checkWithSounds(set, asked, late, folder, all || !isKnown ? makeSounds : trySounds(set.sounds))
    },
    close: async () => (await opened)?.close(),
  }
}

function remember(): Memo {
  const known = new Map<string, unknown>()
  return <T>(key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make())
    return known.get(key) as T
  }
}
