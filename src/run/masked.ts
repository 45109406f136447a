/** A number in a log: its last four digits. Plain ASCII, because one other character makes every line of a bundle twice as dear. */
export function masked(number: string): string {
  return number.length <= 4 ? '***' : `***${number.slice(-4)}`
}

/** A state's name; of an address that takes calls over only its host, because the rest may hold a key. */
export function shown(name: string): string {
  return name.startsWith('http') && URL.canParse(name) ? new URL(name).origin : name
}
