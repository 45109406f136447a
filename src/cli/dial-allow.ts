import { UsageError } from './io.ts'

/** Beginnings of numbers that may be rung; undefined where nothing is set. Throws UsageError. */
export function readDialAllow(text: string | undefined): string[] | undefined {
  const written = text === undefined || text.trim() === '' ? undefined : text.split(',').map(one => one.trim()).filter(one => one !== '')
  for (const one of written ?? []) if (!/^\+\d{0,15}$/.test(one)) throw new UsageError(`TONVAL_DIAL_ALLOW: \`${one}\` is no beginning of a number such as +46 or +4670 (+ alone stands for every country)`)
  return written
}
