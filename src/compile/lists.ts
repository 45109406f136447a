/** `lists:` → their entries, from the flow or from files beside it. */
import type { Path } from '../parse/tree.ts'
import { parseList } from '../parse/list-text.ts'
import { besideFile, namesUnder, tellIn, tellUnknown } from './beside.ts'
import { placeIn, tell } from './context.ts'
import type { BesideFile, Context } from './context.ts'
import { isNumber, isPrefix, numberProblem } from './number-problem.ts'

/** The entries of every list that the file writes and that could be read. What is no number is told, where it stands. */
export function readLists(context: Context): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>()
  for (const [name, written] of Object.entries(context.document.data.lists ?? {})) {
    if (name === 'hidden') tell(context, ['lists', name], { code: 'reserved-name', message: '`hidden` stands for callers who show no number, and cannot name a list', help: 'choose another name' }, 'key')
    const path: Path = ['lists', name]
    if ('file' in written) {
      const file = besideFile(context, [...path, 'file'], written.file)
      if (file !== undefined) lists.set(name, fromFile(context, file))
    } else {
      written.forEach((entry, index) => checkInline(context, [...path, index], entry))
      lists.set(name, written.map(entry => entry.trim()))
    }
  }
  return lists
}

/** The list of a name; undefined, with a problem told, where there is none. */
export function listOf(context: Context, path: Path, name: string, effect: string): readonly string[] | undefined {
  const entries = context.declared.lists.get(name)
  if (entries === undefined && !namesUnder(context, 'lists').includes(name)) tellUnknown(context, path, name, { code: 'unknown-list', key: 'lists', effect })
  context.declared.listsUsed.add(name)
  return entries
}

const EFFECT = 'nobody would be found by it'
const HELP = 'a list holds numbers such as +46701234567, and beginnings such as +4670*'

function isEntry(entry: string): boolean {
  return isNumber(entry) || isPrefix(entry)
}

function wrongWith(context: Context, entry: string) {
  const wrong = numberProblem(context, entry, EFFECT)
  const { meant: _meant, sure: _sure, ...told } = wrong ?? { code: 'bad-number', message: '' }
  return wrong?.meant === undefined ? { ...told, code: 'bad-number', message: `\`${entry}\` is neither a number nor the beginning of numbers`, help: HELP } : told
}

function checkInline(context: Context, path: Path, entry: string): void {
  if (isEntry(entry.trim())) return
  const { node, value } = placeIn(context, path)
  const wrong = numberProblem(context, entry, EFFECT)
  const fix = wrong?.meant !== undefined && wrong.sure === true && node.kind === 'scalar' && node.text === entry ? { fix: { safe: true, edits: [{ span: value, text: `"${wrong.meant}"` }] } } : {}
  tell(context, path, { ...wrongWith(context, entry), ...fix })
}

function fromFile(context: Context, file: BesideFile): string[] {
  return parseList(file.text).map(({ text, span }) => {
    if (!isEntry(text)) tellIn(context, file, span, wrongWith(context, text))
    return text
  })
}
