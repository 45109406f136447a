/** The engine that the settings ask for. */
import { commandEngine } from './command.ts'
import type { Engine } from './engine.ts'
import { espeak } from './espeak.ts'
import { serviceEngine } from './service.ts'

/** Settings of speech: a command line, or the address of a service; the built-in engine without either. */
export interface SpeechSettings {
  readonly command?: string
  readonly service?: { readonly address: string; readonly token?: string }
  /** Milliseconds for one text. */
  readonly patience?: number
}

export function chooseEngine({ command, service, patience }: SpeechSettings): Engine {
  if (command !== undefined) return commandEngine(command, patience)
  if (service !== undefined) return serviceEngine(service.address, service.token, patience)
  return espeak(patience === undefined ? {} : { patience })
}
