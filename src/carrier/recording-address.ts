/** Our own address of a recording: the carrier's file name behind a key that only we can make. */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The path of a recording's file, such as `/recordings/KEY/c0123-r0.wav`. */
export function recordingPath(secret: string, id: string): string {
  return `/recordings/${key(secret, id)}/${id}.wav`
}

/** Whether a secret in rotation makes this key for this recording. */
export function isRecordingKey(secrets: readonly string[], id: string, given: string): boolean {
  const bytes = Buffer.from(given)
  return secrets.map(secret => Buffer.from(key(secret, id))).filter(one => one.length === bytes.length && timingSafeEqual(one, bytes)).length > 0
}

function key(secret: string, id: string): string {
  return createHmac('sha256', secret).update(`recording:${id}`).digest('base64url').slice(0, 22)
}
