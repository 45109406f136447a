import { show } from '../validate-action.ts'
import type { Perform } from '../stage.ts'
import { hear } from './hear.ts'

/** Plays a sound; any key skips it unless `skippable` is false (facts: play). */
export const play: Perform = async (action, stage) => {
  const { mailbox, readings, audience } = stage
  const value = action['play']
  const sound = await stage.load(typeof value === 'string' ? value : '')
  const skippable = readSkippable(action['skippable'], stage.complain)

  mailbox.begin()
  const hearing = hear(sound, 'play', 1, stage)
  audience.meet({ kind: 'play', sound, skippable })

  let result: string = sound.trouble === undefined ? readings.playedWord : 'failed'
  for (let playing = true; playing; ) {
    const stir = await mailbox.next(hearing.until)
    if (stir.kind === 'key' && !skippable) mailbox.keep(stir.key)
    else if (stir.kind === 'key') {
      if (readings.skipKey === 'as-result') result = stir.key
      playing = false
    } else if (stir.kind === 'fault') {
      result = 'failed'
      playing = false
    } else if (stir.kind === 'time' || stir.kind === 'over') playing = false
  }
  hearing.end()
  return { result, purpose: 'next', go: action['next'] }
}

function readSkippable(value: unknown, complain: (code: 'out-of-range', message: string) => void): boolean {
  if (typeof value === 'boolean') return value
  if (value !== undefined) complain('out-of-range', `play: skippable is ${show(value)}, not true or false: taken as true`)
  return true
}
