/** The reader explains; Ajv has the last word, so that a gap in the reader can never let a misshapen file through. */
import type { Problem } from '../problem/problem.ts'
import type { Tree } from '../parse/tree.ts'
import { fitsSchema } from './fits-schema.ts'
import type { Fits, SchemaName } from './fits-schema.ts'

/** Adds a problem where what was read from a file does not fit the schema after all. */
export type AskAjv = (tree: Tree, data: unknown, problems: Problem[]) => void

/** Asks about one schema, which is loaded when it is first needed. */
export function ajvFor(schema: SchemaName, language: string): AskAjv {
  let fits: Fits | undefined
  return (tree, data, problems) => {
    fits ??= fitsSchema(schema)
    if (fits(data)) return
    const error = fits.errors?.[0]
    problems.push({
      code: 'wrong-type', severity: 'error', file: tree.file, span: { start: 0, end: 0 },
      message: `this file does not fit ${language} at ${error?.instancePath ?? '/'}: ${error?.message ?? 'unknown reason'}`,
      help: 'compare it with the README; please report this message, it should have been a clearer one',
    })
  }
}
