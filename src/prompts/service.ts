/** An engine that is an HTTP service: the words as JSON, a sound file back. */
import { MOST_BYTES, PATIENCE, SpeechError } from './engine.ts'
import type { Engine } from './engine.ts'
import { readLimited } from './read-limited.ts'

/** The engine at an address. `token` is sent as `Authorization: Bearer`. */
export function serviceEngine(address: string, token: string | undefined, patience = PATIENCE): Engine {
  const closing = new AbortController()
  return {
    name: `service ${address}`,
    async speak({ text, language, voice }) {
      try {
        const answer = await fetch(address, {
          method: 'POST', redirect: 'error', signal: AbortSignal.any([closing.signal, AbortSignal.timeout(patience)]),
          headers: { 'content-type': 'application/json', accept: 'audio/wav, audio/mpeg, audio/ogg', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
          body: JSON.stringify({ text, language, ...(voice === undefined ? {} : { voice }) }),
        })
        if (!answer.ok) {
          await answer.body?.cancel()
          throw new Error(`it answered with status ${answer.status}`)
        }
        return await readLimited(answer, MOST_BYTES)
      } catch (error) {
        throw new SpeechError(`the speech service at ${new URL(address).host} gave no sound: ${reasonOf(error, patience)}`, true, { cause: error })
      }
    },
    async close() {
      closing.abort()
    },
  }
}

/** Why a request failed, without what only a programmer knows. */
export function reasonOf(error: unknown, patience: number): string {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return `it did not answer within ${patience / 1000} seconds`
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}
