/** A file as it was read from the disk, or not. */
import type { Problem } from '../problem/problem.ts'

export interface SourceFile {
  /** The flow's name: the file's, without `.yaml`, or without `.calls.yaml`. */
  readonly name: string
  /** As problems name it. */
  readonly path: string
  readonly text: string
  /** Why the file could not be read, in words. */
  readonly unreadable?: string
}

/** Tells of a file that could not be read. */
export function unreadable(file: SourceFile, why: string): Problem {
  return { code: 'unreadable-file', severity: 'error', file: file.path, span: { start: 0, end: 0 }, message: `this file cannot be read: ${why}`, help: 'check its permissions' }
}
