/** The loudspeaker of a test call: one sound after the other, unless it is off. */
import { createStore, useStore } from '../store.ts'

const KEY = 'tonval telephone muted'
/** Seconds by which a sound may lag behind the call and still be heard to its end. */
const LAG = 0.3

interface Sounding {
  readonly address: string
  readonly seconds: number
}

const muted = createStore<boolean>(localStorage.getItem(KEY) === 'yes')
let waiting: Sounding[] = []
let playing: (Sounding & { readonly audio: HTMLAudioElement }) | undefined
/** Time is skipped: what is heard in it is not played. */
let isSkipping = false

export function useMuted(): boolean {
  return useStore(muted)
}

export function mute(on: boolean): void {
  localStorage.setItem(KEY, on ? 'yes' : 'no')
  muted.set(on)
  if (on) stop()
}

/** Plays a sound of the call as soon as the one before is over. */
export function sound(address: string | undefined, seconds: number): void {
  if (address === undefined || muted.get() || isSkipping) return
  waiting.push({ address, seconds })
  if (playing === undefined) playNext()
}

/** A sound is over for the caller, after so many seconds: one that was cut short stops. */
export function cut(heard: number): void {
  if (playing !== undefined && heard < playing.seconds - LAG) stop()
}

/** Plays nothing until `goOn`. */
export function skipAhead(): void {
  stop()
  isSkipping = true
}

export function goOn(): void {
  isSkipping = false
}

export function hush(): void {
  stop()
  isSkipping = false
}

function playNext(): void {
  const next = waiting.shift()
  playing = undefined
  if (next === undefined) return
  const audio = new Audio(next.address)
  playing = { ...next, audio }
  const over = (): void => { if (playing?.audio === audio) playNext() }
  audio.onended = over
  audio.onerror = over
  audio.play().catch(over)
}

function stop(): void {
  waiting = []
  playing?.audio.pause()
  playing = undefined
}
