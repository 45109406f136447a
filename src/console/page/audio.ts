/** One sound at a time: whoever starts another stops the one before. */
import { createStore, useStore } from './store.ts'

const playing = createStore<string | undefined>(undefined)
let player: HTMLAudioElement | undefined

/** The address of the sound that is heard now. */
export function usePlaying(): string | undefined {
  return useStore(playing)
}

/** Starts a sound; one that is heard already stops. */
export function togglePlaying(address: string): void {
  const was = playing.get()
  player?.pause()
  player = undefined
  playing.set(undefined)
  if (was === address) return
  const audio = player = new Audio(address)
  const over = (): void => { if (player === audio) playing.set(undefined) }
  audio.onended = over
  audio.onerror = over
  playing.set(address)
  audio.play().catch(over)
}
