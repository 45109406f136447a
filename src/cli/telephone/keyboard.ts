/** The keys of a terminal, one at a time, and the terminal as it was before. */

/** What a terminal's standard input can do. */
export interface Keyboard {
  readonly isTTY?: boolean
  setRawMode(on: boolean): unknown
  on(event: 'data', listener: (data: Uint8Array | string) => void): unknown
  off(event: 'data', listener: (data: Uint8Array | string) => void): unknown
  resume(): unknown
  pause(): unknown
}

/** What stands for control-C. */
export const CONTROL_C = '\u0003'

/** The stream as a keyboard, if it is one. */
export function keyboardOf(stream: object): Keyboard | undefined {
  const maybe = stream as Partial<Keyboard>
  return maybe.isTTY === true && typeof maybe.setRawMode === 'function' ? (maybe as Keyboard) : undefined
}

/** Passes on each key as it is pressed; what you get back gives the terminal back and may be called twice. */
export function listenTo(keyboard: Keyboard, pressed: (key: string) => void): () => void {
  const hear = (data: Uint8Array | string): void => {
    const text = Buffer.from(data as Uint8Array).toString('utf8')
    // arrows and function keys are one sequence, of which no part is a key of the telephone
    if (text.startsWith('\u001b')) return
    for (const key of text) pressed(key)
  }
  keyboard.setRawMode(true)
  keyboard.on('data', hear)
  keyboard.resume()
  let isListening = true
  return () => {
    if (!isListening) return
    isListening = false
    keyboard.off('data', hear)
    keyboard.setRawMode(false)
    keyboard.pause()
  }
}
