/** Who and where the items of a file are sent to, as far as the file fixes it. */
import type { Path } from '../parse/tree.ts'
import { eachText } from './written.ts'

interface SentTo {
  readonly text: string
  readonly path: Path
}

/** Every number that gets an SMS or a call, whatever the call's values are. */
export function sentNumbers(data: unknown): SentTo[] {
  return written(data, path => {
    const option = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path
    return option.at(-1) === 'to' && (option.at(-2) === 'sms' || option.at(-2) === 'call')
  }).filter(({ text }) => /^\+\d+$/.test(text))
}

/** Every address that is posted to; values may stand in it. */
export function postedTo(data: unknown): SentTo[] {
  return written(data, path => path.at(-1) === 'url' && path.at(-2) === 'post')
}

function written(data: unknown, isOne: (path: Path) => boolean): SentTo[] {
  const found: SentTo[] = []
  eachText(data, (text, path) => {
    if (isOne(path)) found.push({ text, path })
  })
  return found
}
