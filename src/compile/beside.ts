/** Files beside a flow that it names: lists of numbers and tables. Their problems stand in themselves. */
import { checkText } from '../parse/check-text.ts'
import type { Path } from '../parse/tree.ts'
import type { Problem, Span } from '../problem/problem.ts'
import { guess, placeIn, tell } from './context.ts'
import type { BesideFile, Context } from './context.ts'

/** Endings of the files that are looked for beside flows. */
export const BESIDE_FILE = /\.(txt|csv)$/i

/** The text of a file that stands at a path of the flow; undefined, with a problem told, for one that cannot be read. */
export function besideFile(context: Context, path: Path, name: string): BesideFile | undefined {
  const clean = name.replace(/^\.\//, '')
  const files = context.surroundings.files ?? new Map<string, BesideFile>()
  const file = files.get(clean)
  if (file === undefined) {
    const word = guess(context, clean, [...files.keys()])
    tell(context, path, {
      code: 'missing-file', message: `there is no file \`${clean}\` beside the flow`, effect: 'whoever is to be found in it would not be',
      help: word !== undefined ? `did you mean \`${word}\`?` : BESIDE_FILE.test(clean) ? `put ${clean} into the folder of this flow` : 'a list is a file that ends in .txt, a table one that ends in .csv',
      ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, path).value, text: word }] } }),
    })
    return undefined
  }
  context.filesUsed.set(clean, file)
  if (file.unreadable !== undefined) {
    tellIn(context, file, { start: 0, end: 0 }, { code: 'unreadable-file', message: `this file cannot be read: ${file.unreadable}`, help: 'check its permissions' })
    return undefined
  }
  return checkText(file.path, file.text, problem => context.report({ ...problem, ...IN_OTHER_WORDS[problem.code] })) ? file : undefined
}

const IN_OTHER_WORDS: Readonly<Record<string, Partial<Problem>>> = {
  'bad-encoding': { help: 'save the file as UTF-8 (in Excel: Save as, CSV UTF-8)', effect: 'what it holds would be found wrongly' },
  'too-large': { help: 'so much belongs into a service that a flow asks' },
}

/** Reports a problem of a file beside the flow. */
export function tellIn(context: Context, file: BesideFile, span: Span, problem: Pick<Problem, 'code' | 'message'> & Partial<Problem>): void {
  context.report({ severity: 'error', ...problem, file: file.path, span })
}

/** The names that the file writes under a key of its own, those that could not be read included: they are not unknown. */
export function namesUnder(context: Context, key: string): readonly string[] {
  const { node } = placeIn(context, [key])
  return node.kind === 'map' && node !== context.document.tree.root ? node.entries.map(entry => entry.key.text) : []
}

/** Tells of a name that nothing under a key has. */
export function tellUnknown(context: Context, path: Path, name: string, found: { readonly code: string; readonly key: string; readonly effect: string; readonly span?: Span }): void {
  // what a part that could not be read says may be it
  if (context.unread.has(name) || context.unreadWords.has(name)) return
  const names = namesUnder(context, found.key)
  const word = guess(context, name, names)
  const noun = found.code.slice('unknown-'.length)
  const { node, value } = placeIn(context, path)
  const at = found.span ?? (node.kind === 'scalar' && node.text === name ? value : undefined)
  tell(context, path, {
    code: found.code, message: `there is no ${noun} \`${name}\``, effect: found.effect,
    help: word !== undefined ? `did you mean \`${word}\`?` : names.length === 0 ? `write it under \`${found.key}:\`` : `under \`${found.key}:\` there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 8).map(one => `\`${one}\``).join(', ')}`,
    ...(found.span === undefined ? {} : { span: found.span }),
    ...(word === undefined || at === undefined ? {} : { fix: { safe: false, edits: [{ span: at, text: word }] } }),
  })
}
