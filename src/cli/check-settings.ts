import type { CheckSettings } from '../check.ts'
import { readHosts } from '../compile/allowed-hosts.ts'
import { SILENCE_FILE } from '../prompts/silence.ts'
import { BUILT_IN_LANGUAGES } from '../prompts/voices.ts'
import { speechSettings } from './speech-settings.ts'
import { readDialAllow } from './dial-allow.ts'
import { UsageError } from './io.ts'

/** What decides beside the files, from the environment: the same for `lint` and `serve`, so that they agree. Throws UsageError. */
export function checkSettings(env: CheckSettings['env']): CheckSettings {
  const { hosts, wrong } = readHosts(env['TONVAL_FETCH_HOSTS'] ?? '')
  if (wrong.length > 0) throw new UsageError(`TONVAL_FETCH_HOSTS: \`${wrong[0]}\` is no host; write hosts such as crm.example.com, crm.example.com:8443 or *.example.com, with commas between them`)
  const dial = readDialAllow(env['TONVAL_DIAL_ALLOW'])
  const speech = speechSettings(env)
  // what another engine speaks, only it can tell
  const speaks = speech.command === undefined && speech.service === undefined ? { speaks: BUILT_IN_LANGUAGES } : {}
  return { env, hosts, ...(dial === undefined ? {} : { dial }), silence: SILENCE_FILE, ...speaks, now: Date.now() }
}
