/** What a log line may show. */
export { masked } from '../run/masked.ts'

/** A state's name; of an address that takes calls over only its host, because the rest may hold a key. */
export function shown(name: string): string {
  return name.startsWith('http') && URL.canParse(name) ? new URL(name).origin : name
}
