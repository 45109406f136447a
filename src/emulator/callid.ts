import { randomBytes } from 'node:crypto'

/** A call's id in the carrier's form: `c` and 32 lower-case hexadecimal digits. */
export function makeCallid(): string {
  return `c${randomBytes(16).toString('hex')}`
}

/** A time in the carrier's form: UTC, microseconds, no zone suffix, as `2018-07-13T13:57:23.741000`. */
export function carrierTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000`
}
