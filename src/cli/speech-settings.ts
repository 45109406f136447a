/** Which engine speaks, from the environment. */
import type { SpeechSettings } from '../prompts/choose-engine.ts'
import { commandWords } from '../prompts/command-words.ts'
import { UsageError } from './io.ts'

/** The settings of speech. Throws a UsageError on those that cannot be used. */
export function speechSettings(env: Readonly<Record<string, string | undefined>>): SpeechSettings {
  const [command, address, token] = ['TONVAL_TTS_COMMAND', 'TONVAL_TTS_URL', 'TONVAL_TTS_TOKEN'].map(name => env[name]?.trim() || undefined)
  if (command !== undefined && address !== undefined) throw new UsageError('TONVAL_TTS_COMMAND and TONVAL_TTS_URL are both set: only one engine speaks')
  if (command !== undefined) {
    try {
      commandWords(command)
    } catch (error) {
      throw new UsageError(`TONVAL_TTS_COMMAND: \`${command}\` cannot be run: ${(error as Error).message}`)
    }
    return { command }
  }
  if (address === undefined) return {}
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new UsageError(`TONVAL_TTS_URL: \`${address}\` is no address such as https://speech.example.com/speak`)
  return { service: token === undefined ? { address } : { address, token } }
}
