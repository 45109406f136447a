import type { CheckSettings } from '../check.ts'
import { SILENCE_FILE } from '../prompts/silence.ts'

/** What decides beside the files, from the environment: the same for `lint` and `serve`, so that they agree. */
export function checkSettings(env: CheckSettings['env']): CheckSettings {
  const hosts = (env['TONVAL_FETCH_HOSTS'] ?? '').split(',').map(host => host.trim().toLowerCase()).filter(host => host !== '')
  return { env, hosts, silence: SILENCE_FILE, now: Date.now() }
}
