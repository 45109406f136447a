/** A number in a log: its last four digits. */
export function masked(number: string): string {
  return number.length <= 4 ? '…' : `…${number.slice(-4)}`
}
