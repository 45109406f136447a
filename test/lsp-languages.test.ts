/** What an editor knows of languages, over a real session. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { CompletionItem, TextEdit, WorkspaceEdit } from 'vscode-languageserver'
import { CURSOR, offsetAt, startEditor, withCursor } from './lsp/editor.ts'
import type { Reply } from './lsp/editor.ts'

const sound = readFileSync('flows/switchboard/thanks.mp3')
const flow = `start: choose
language: sv
languages: [sv, en-GB]
prompts:
  menu:
    sv: { file: menu.mp3, text: "Tryck 1." }
    en-GB: { file: thanks.mp3, text: "Press 1." }
  bye:
    sv: { file: thanks.mp3 }
states:
  choose: { ivr: menu.mp3, on: { 1: english }, next: menu }
  english: { set: { language: en-GB, seen: "{{language}}" }, next: menu }
  menu: { play: { pick: "{{seen}}", from: { sv: bye }, else: menu }, next: end }
`
const calls = 'calls:\n  - name: one\n    steps: [{ ivr: menu.mp3 }, silence, { play: menu }, end]\n'
const files = { 'flows/a.yaml': flow, 'flows/a.calls.yaml': calls, 'flows/menu.mp3': sound, 'flows/thanks.mp3': sound }

function apply(text: string, edits: readonly TextEdit[]): string {
  return [...edits].sort((a, b) => offsetAt(text, b.range.start) - offsetAt(text, a.range.start))
    .reduce((now, { range, newText }) => now.slice(0, offsetAt(text, range.start)) + newText + now.slice(offsetAt(text, range.end)), text)
}

const completions: readonly { readonly from: string; readonly to: string; readonly has: readonly string[]; readonly hasNot?: readonly string[]; readonly first?: string }[] = [
  { from: '    sv: { file: thanks.mp3 }', to: '    sv: { file: thanks.mp3 }\n    ‸', has: ['en-GB'], hasNot: ['sv', 'file'] },
  { from: '    sv: { file: thanks.mp3 }', to: '    ‸', has: ['sv', 'en-GB', 'file'] },
  { from: 'sv: { file: thanks.mp3 }', to: 'sv: { ‸ }', has: ['file'], hasNot: ['sv', 'en-GB'] },
  { from: '    sv: { file: thanks.mp3 }', to: '    file: thanks.mp3\n    ‸', has: ['text', 'note'], hasNot: ['sv', 'en-GB'] },
  { from: 'language: en-GB,', to: 'language: ‸,', has: ['sv', 'en-GB', '{{seen}}'], first: 'en-GB' },
  { from: 'language: sv\n', to: 'language: ‸\n', has: ['sv', 'en-GB', 'fi'], first: 'en-GB' },
  { from: '{ language: en-GB, seen', to: '{ ‸, seen', has: ['language'] },
  { from: 'else: menu', to: 'else: ‸', has: ['menu', 'bye', 'menu.mp3'] },
  { from: '{ pick: "{{seen}}", from: { sv: bye }, else: menu }', to: '{ ‸ }', has: ['pick', 'say', 'spell'] },
  { from: '"{{seen}}"', to: '"{{‸}}"', has: ['language', 'seen', 'digits'] },
]

void t.test('completion', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  for (const { from, to, has, hasNot = [], first } of completions) {
    t.ok(flow.includes(from), from)
    const { text, offset } = withCursor(flow.replace(from, to))
    await editor.change('flows/a.yaml', text)
    const items: CompletionItem[] = await editor.at('textDocument/completion', 'flows/a.yaml', offset)
    const labels = items.map(item => item.label)
    t.same([has.filter(one => !labels.includes(one)), hasNot.filter(one => labels.includes(one))], [[], []], `${to}: ${labels.slice(0, 30).join(' ')}`)
    t.equal(labels.length, new Set(labels).size, `${to}: each once`)
    if (first !== undefined) t.equal([...items].sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1))[0]?.label, first, `${to}: those of the flow come first`)
  }
  await editor.end()
})

const hovers: readonly (readonly [at: string, says: readonly string[]])[] = [
  ['me‸nu:\n    sv', ['prompt `menu`', '- sv: “Tryck 1.”\n- en-GB: “Press 1.”', '`menu.mp3`, `thanks.mp3`', '1 place in scripted calls']],
  ['[s‸v, en', ['language `sv`', 'Swedish', 'Used by:', '`prompts.menu.sv`']],
  ['language: en-G‸B', ['language `en-GB`', 'British English']],
  ['{ lan‸guage: en', ['`{{language}}`', 'The language of the prompts.']],
  ['1: engl‸ish', ['state `english` · set: goes on in `en-GB`, keeps `seen`']],
  ['pi‸ck:', ['The value that decides.']],
]

void t.test('hover, definitions and references', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  await editor.open('flows/a.calls.yaml', calls)
  const offsetOf = (at: string): number => flow.indexOf(at.replace(CURSOR, '')) + at.indexOf(CURSOR)
  for (const [at, says] of hovers) {
    const said = (await editor.at('textDocument/hover', 'flows/a.yaml', offsetOf(at)))?.contents.value
    for (const one of says) t.ok(said?.includes(one), `${at}: ${one}\n${said}`)
  }
  const shown = (locations: Reply): string[] => locations.map((one: Reply) => `${one.uri.slice(one.uri.lastIndexOf('/') + 1)}:${one.range.start.line + 1}`).sort()
  t.same(shown(await editor.at('textDocument/definition', 'flows/a.yaml', offsetOf('    s‸v: { file: menu'))), ['a.yaml:3'])
  t.same(shown(await editor.at('textDocument/references', 'flows/a.yaml', offsetOf('[s‸v'), { context: { includeDeclaration: true } })), ['a.yaml:2', 'a.yaml:3', 'a.yaml:6', 'a.yaml:9'])
  await editor.end()
})

void t.test('rename', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  const rename = async (at: string, newName: string): Promise<string> => {
    const edit: WorkspaceEdit = await editor.at('textDocument/rename', 'flows/a.yaml', flow.indexOf(at.replace(CURSOR, '')) + at.indexOf(CURSOR), { newName })
    const changes = edit.changes ?? Object.fromEntries((edit.documentChanges as Reply[]).map(one => [one.textDocument.uri, one.edits]))
    return apply(flow, changes[editor.uri('flows/a.yaml')])
  }
  t.equal(await rename('    en‸-GB:', 'en'), flow.replaceAll('en-GB', 'en'), 'a language')
  t.equal(await rename('  me‸nu:\n    sv', 'main'), flow.replace('  menu:\n    sv', '  main:\n    sv').replace('else: menu', 'else: main'), 'a prompt')
  await t.rejects(rename('    en‸-GB:', 'sv'), { message: /already a language `sv`/ })
  await t.rejects(rename('    en‸-GB:', 'English'), { message: /cannot be a language here/ })
  await t.rejects(rename('{ lan‸guage: en', 'tongue'), { message: /a value of tonval's own/ })
  await editor.end()
})
