/** Edits of scripted calls that come through us: checked with the whole folder first, like any edit, and only then written. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Findings } from '../problem/findings.ts'
import { CannotReplace, replaceFiles } from '../store/replace-files.ts'
import { checkWithSounds } from './check-with-sounds.ts'
import { decode, findingsOf } from './edit.ts'
import type { EditParts } from './edit.ts'
import { readFolder } from './read-folder.ts'

/** What became of it. */
export type AddedCall =
  | { readonly is: 'added'; /** As people name it: `flows/support.calls.yaml`. */ readonly file: string; /** Whether the file was not there. */ readonly isNew: boolean }
  /** Nothing was written: the flow would be refused with it. What lint says. */
  | { readonly is: 'refused'; readonly findings: Findings }
  /** Nothing was written: something in the folder stands in its way. */
  | { readonly is: 'conflict'; readonly why: string }
  /** It was written, and the server could not take it. */
  | { readonly is: 'failed'; readonly why: string }

/**
 * Puts what `change` makes of it in the place of a flow's file of scripted calls; `change` gets undefined where there is no file,
 * and gives back undefined where nothing can be added.
 */
export async function addToCalls(parts: EditParts, flow: string, change: (text: string | undefined) => string | undefined): Promise<AddedCall> {
  const { folder, shown, checker, studio } = parts
  const path = `${flow}.calls.yaml`
  const file = join(shown, path)
  const before = await readCalls(join(folder, path))
  if (before instanceof Error) return { is: 'conflict', why: `\`${file}\` cannot be read: ${before.message}` }
  const text = change(decode(before))
  if (text === undefined) return { is: 'conflict', why: `nothing can be added to \`${file}\`: it holds no \`calls:\` written as a list with a line for each item` }
  const read = await readFolder(folder, new Map(), shown)
  const others = (read.calls ?? []).filter(one => one.name !== flow)
  const { set, checked } = await checkWithSounds({ ...read, calls: [...others, { name: flow, path: file, text }].sort((a, b) => (a.name < b.name ? -1 : 1)) }, checker, studio, folder)
  const refused = parts.refused()
  const broken = checked.refused.filter(one => one === flow || !refused.includes(one))
  if (broken.length > 0) return { is: 'refused', findings: findingsOf(set, checked, broken) }
  const now = await readCalls(join(folder, path))
  if (now instanceof Error || now?.equals(before ?? Buffer.alloc(0)) !== (before === undefined ? undefined : true)) return { is: 'conflict', why: `\`${file}\` was changed while your call was being checked: save it again` }
  try {
    await replaceFiles(folder, [{ path, content: Buffer.from(text) }])
  } catch (error) {
    if (error instanceof CannotReplace) return { is: 'conflict', why: error.message }
    throw error
  }
  const { failed } = await parts.reload()
  return failed === undefined ? { is: 'added', file, isNew: before === undefined } : { is: 'failed', why: failed }
}

/** The bytes of the file; undefined where there is none. */
async function readCalls(path: string): Promise<Buffer | Error | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : (error as Error)
  }
}
