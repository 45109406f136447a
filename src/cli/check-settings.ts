import type { CheckSettings } from '../check.ts'
import { SILENCE_FILE } from '../prompts/silence.ts'
import { BUILT_IN_LANGUAGES } from '../prompts/voices.ts'
import { speechSettings } from './speech-settings.ts'

/** What decides beside the files, from the environment: the same for `lint` and `serve`, so that they agree. */
export function checkSettings(env: CheckSettings['env']): CheckSettings {
  const hosts = (env['TONVAL_FETCH_HOSTS'] ?? '').split(',').map(host => host.trim().toLowerCase()).filter(host => host !== '')
  const speech = speechSettings(env)
  // what another engine speaks, only it can tell
  const speaks = speech.command === undefined && speech.service === undefined ? { speaks: BUILT_IN_LANGUAGES } : {}
  return { env, hosts, silence: SILENCE_FILE, ...speaks, now: Date.now() }
}
