/** The engine that the settings ask for. */
import { createHash } from 'node:crypto'
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

/** A few characters that stand for the engine in an address: the carrier keeps what it has fetched, and another engine is another sound. */
export function engineTag(settings: SpeechSettings): string {
  return createHash('sha256').update(chooseEngine(settings).name).digest('base64url').slice(0, 6)
}
