/** What a command is given instead of the process: its streams, environment and folder, so that tests can hand in others. */

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Of a terminal. */
  readonly columns?: number
}

export interface Io {
  /** Data. */
  readonly stdout: Output
  /** Progress, logs, and what is wrong with how the command was called. */
  readonly stderr: Output
  readonly stdin: AsyncIterable<Uint8Array | string>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** Takes the arguments after its name, and resolves to the exit status. */
export type Command = (args: readonly string[], io: Io) => Promise<number>

export const EXIT = {
  clean: 0,
  /** Something was found, or failed. */
  found: 1,
  /** Bad usage, or nothing to do. */
  usage: 2,
  /** We failed. */
  internal: 3,
} as const

/** Thrown for bad usage; caught where the command was called, which prints the message and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Whether a stream takes colours: a terminal does, where nobody asked for none (https://no-color.org). */
export function wantsColor(output: Output, env: Io['env']): boolean {
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}
