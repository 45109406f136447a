/** What an editor gets from `tonval lsp`, feature by feature, over a real session: every row is a text with a cursor. */
import t from 'tap'
import type { CompletionItem, DocumentSymbol, TextEdit, WorkspaceEdit } from 'vscode-languageserver'
import { CURSOR, offsetAt, startEditor, withCursor } from './lsp/editor.ts'
import type { Reply } from './lsp/editor.ts'
import { readFileSync } from 'node:fs'

const sound = readFileSync('flows/switchboard/thanks.mp3')
const flow = `# the comment stays
start: menu
language: sv
timezone: Europe/Stockholm
keys: { "9": "sales" }
vars: { desk: "+46846500410", color: blue }
defaults:
  connect: { on: { failed: bye } }
schedules:
  office: { open: { mon-fri: 08:00-12:00 } }
lists: { vip: ["+46701740631"] }
switches: { storm: { choices: [calm, wild], default: calm } }
prompts:
  choose: { file: menu.mp3, text: "Tryck 1 för försäljning 🦜." }
states:
  menu:
    note: where everybody begins
    ivr: choose
    save: entry                      # kept
    on:
      1: sales
      2: { play: thanks.mp3, next: menu }
      noinput: 'sales'
      nomatch: sales
  sales: { connect: "{{desk}}", timeout: 20 }
  bye: { play: thanks.mp3, next: end }
`
const calls = `calls:
  - name: one
    given: { vars: { desk: "+46846500411" } }
    steps:
      - state: menu      # the first
      - ivr: choose
      - press: "2"
      - state: "menu.on.2"
      - play: thanks.mp3
      - hang-up
`
const files = { 'flows/a.yaml': flow, 'flows/a.calls.yaml': calls, 'flows/other.yaml': 'start: bye\nstates:\n  bye: { play: sound/beep, next: end }\n', 'flows/menu.mp3': sound, 'flows/thanks.mp3': sound }

function apply(text: string, edits: readonly TextEdit[]): string {
  return [...edits].sort((a, b) => offsetAt(text, b.range.start) - offsetAt(text, a.range.start))
    .reduce((now, { range, newText }) => now.slice(0, offsetAt(text, range.start)) + newText + now.slice(offsetAt(text, range.end)), text)
}

interface Completion {
  /** What is replaced in the flow, and by what. */
  readonly from: string
  readonly to: string
  readonly has?: readonly string[]
  readonly hasNot?: readonly string[]
  /** Exactly these, in this order. */
  readonly are?: readonly string[]
  /** What the line is when the first of `has` is taken. */
  readonly becomes?: string
  readonly file?: string
}

const bye = '  bye: { play: thanks.mp3, next: end }'
const completions: readonly Completion[] = [
  // keys
  { from: 'language: sv', to: 'lan‸', has: ['language', 'title', 'on_error'], hasNot: ['start', 'states', 'ivr'], becomes: 'language: ' },
  { from: 'start: menu\n', to: `start: menu\n${CURSOR}\n`, has: ['title', 'country'], hasNot: ['start'] },
  { from: bye, to: '  bye:\n    ‸', has: ['play', 'ivr', 'connect', 'record', 'hangup', 'route', 'set'], hasNot: ['digits', 'bye'], becomes: '    play: ' },
  { from: bye, to: '  bye:\n    pl‸\n    next: end', has: ['play', 'connect', 'skippable'], hasNot: ['hangup', 'next'], becomes: '    play: ' },
  { from: bye, to: '  bye:\n    play: thanks.mp3\n    ‸', has: ['next', 'skippable', 'on'], hasNot: ['play', 'digits', 'timeout'] },
  { from: bye, to: '  bye:\n    play: thanks.mp3\n    o‸\n', has: ['on'], becomes: '    on:' },
  { from: bye, to: '  bye: { ‸ }', has: ['play', 'connect'], becomes: '  bye: { play:  }' },
  { from: bye, to: '  bye: { play: thanks.mp3, ‸', has: ['next', 'skippable'], hasNot: ['play', 'digits'] },
  { from: 'next: menu }', to: 'nex‸: menu }', has: ['next'], becomes: '      2: { play: thanks.mp3, next: menu }' },
  { from: '      nomatch: sales\n', to: '      nomatch: sales\n      ‸\n', has: ['any', 'failed', '3', '#'], hasNot: ['1', '2', 'noinput', 'success'] },
  { from: '      nomatch: sales\n', to: '      nomatch: sales\n      ‸\n', has: ['#'], becomes: '      "#": ' },
  { from: '  connect: { on', to: '  ‸\n  connect: { on', has: ['ivr', 'play', 'record'], hasNot: ['connect', 'route'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { visited: menu }\n        ‸', has: ['goto', 'note'], hasNot: ['when'] },
  { from: bye, to: '  bye:\n    route:\n      - ‸', has: ['when', 'goto'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { ‸', has: ['caller', 'visited', 'all', 'not'], hasNot: ['is'] },
  // what this project has
  { from: 'start: menu', to: 'start: m‸', are: ['menu', 'sales', 'bye'], has: ['menu'], becomes: 'start: menu' },
  { from: 'next: end', to: 'next: ‸', has: ['sales', 'menu', 'bye', 'end'], hasNot: ['office'], becomes: '  bye: { play: thanks.mp3, next: sales }' },
  { from: bye, to: '  bye:\n    play: thanks.mp3\n    next: ‸', has: ['end', 'sales'], becomes: '    next: end' },
  { from: '1: sales', to: '1: "sa‸"', has: ['sales'], becomes: '      1: "sales"' },
  { from: '1: sales', to: '1: "sa‸', has: ['sales'], becomes: '      1: "sales' },
  { from: 'ivr: choose', to: 'ivr: ‸', has: ['choose', 'menu.mp3', 'thanks.mp3', 'sound/beep', 'true'], hasNot: ['menu'], becomes: '    ivr: choose' },
  { from: 'file: menu.mp3', to: 'file: m‸', are: ['menu.mp3', 'thanks.mp3'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { schedule: ‸', are: ['office'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { switch: ‸', are: ['storm'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { switch: storm, is: ‸ }', has: ['calm', 'wild'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { caller: ‸', has: ['vip', 'hidden'] },
  { from: bye, to: '  bye:\n    route:\n      - when: { visited: ‸ }', are: ['bye', 'menu', 'sales'] },
  { from: bye, to: '  bye: { flow: ‸ }', has: ['a', 'other'] },
  { from: '"{{desk}}"', to: '"{{‸"', has: ['desk', 'color', 'entry', 'switch.storm', 'caller', 'today'], hasNot: ['menu'], becomes: '  sales: { connect: "{{desk}}", timeout: 20 }' },
  { from: '"{{desk}}"', to: '"{{d‸}}"', has: ['desk', 'digits'], becomes: '  sales: { connect: "{{desk}}", timeout: 20 }' },
  { from: '"{{desk}}"', to: '"{{desk | ‸}}"', has: ['last4', 'spaced', 'default'], hasNot: ['caller'] },
  { from: '"{{desk}}"', to: '‸', has: ['{{desk}}'], becomes: '  sales: { connect: "{{desk}}", timeout: 20 }' },
  // words of the language
  { from: 'Europe/Stockholm', to: 'Europe/St‸', has: ['Europe/Stockholm', 'America/New_York'], becomes: 'timezone: Europe/Stockholm' },
  { from: 'language: sv', to: 'language: ‸', has: ['sv', 'en', 'fi'] },
  { from: 'language: sv', to: 'country: ‸', has: ['SE', 'NO'], hasNot: ['sv'] },
  { from: 'timeout: 20', to: 'order: ‸', has: ['together', 'in-turn'], hasNot: ['true'] },
  { from: 'timeout: 20', to: 'timeout: ‸', has: ['30'] },
  { from: '# the comment stays', to: '# tonval-ignore no-‸', has: ['no-human', 'unreachable-state'], hasNot: ['unknown-target'] },
  // nothing to say
  { from: '# the comment stays', to: '# the ‸', are: [] },
  { from: 'where everybody', to: 'wh‸', are: [] },
  // scripted calls
  { file: 'flows/a.calls.yaml', from: '- state: menu ', to: '- state: ‸ ', has: ['menu', 'sales'], hasNot: ['end'] },
  { file: 'flows/a.calls.yaml', from: '- ivr: choose', to: '- ivr: ‸', has: ['choose', 'thanks.mp3'] },
  { file: 'flows/a.calls.yaml', from: '- hang-up', to: '- ‸', has: ['hang-up', 'silence', 'end', 'press', 'line', 'play'] },
  { file: 'flows/a.calls.yaml', from: '- hang-up', to: '- line: ‸', are: ['busy', 'failed', 'success'] },
  { file: 'flows/a.calls.yaml', from: '- hang-up', to: '- connect: ‸', has: ['+46846500410'], becomes: '      - connect: "+46846500410"' },
  { file: 'flows/a.calls.yaml', from: 'given: { vars: { desk: "+46846500411" } }', to: 'given: { vars: { ‸ } }', has: ['desk', 'color', 'entry'] },
  { file: 'flows/a.calls.yaml', from: '    steps:', to: '    ‸\n    steps:', has: ['at', 'from', 'to', 'direction'], hasNot: ['name', 'steps', 'given'] },
]

void t.test('completion', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  await editor.open('flows/a.calls.yaml', calls)
  for (const { from, to, has = [], hasNot = [], are, becomes, file = 'flows/a.yaml' } of completions) {
    const whole = file === 'flows/a.yaml' ? flow : calls
    t.ok(whole.includes(from), from)
    for (const end of ['\n', '\r\n']) {
      const { text, offset } = withCursor(whole.replace(from, to).replaceAll('\n', end))
      await editor.change(file, text)
      const items: CompletionItem[] = await editor.at('textDocument/completion', file, offset)
      const labels = items.map(item => item.label)
      const name = `${JSON.stringify(to)}${end === '\n' ? '' : ' with Windows line ends'}`
      t.same([has.filter(one => !labels.includes(one)), hasNot.filter(one => labels.includes(one))], [[], []], `${name}: ${labels.slice(0, 30).join(' ')}`)
      t.equal(labels.length, new Set(labels).size, `${name}: each once`)
      if (are !== undefined) t.same([...labels].sort(), [...are].sort(), name)
      if (becomes !== undefined) {
        const taken = items.find(item => item.label === has[0])?.textEdit as TextEdit | undefined
        const after = taken === undefined ? '' : apply(text, [taken])
        t.equal(after.slice(after.lastIndexOf('\n', offset - 1) + 1).split(/\r?\n/)[0], becomes, name)
      }
    }
    await editor.change(file, whole)
  }
  const { text, offset } = withCursor(flow.replace(bye, '  bye:\n    ‸'))
  await editor.change('flows/a.yaml', text)
  const play = (await editor.at('textDocument/completion', 'flows/a.yaml', offset) as CompletionItem[]).find(item => item.label === 'play')
  t.match(play?.documentation, { kind: 'markdown', value: 'Plays a prompt.' }, 'with the words of the schema')
  t.same(await editor.end(), { status: 0, stderr: '' })
})

/** What is hovered over (the cursor stands in it), and what is said. */
const hovers: readonly (readonly [at: string, says: readonly (string | RegExp)[], file?: string])[] = [
  ['  m‸enu:', ['state `menu` · ivr: “Tryck 1 för försäljning 🦜.”', 'where everybody begins', '`1` → `sales`', '`2` → play: `thanks.mp3`, then `menu`', '`9` → `sales` (from `keys`)', 'the beginning of the call', '`menu`: `on.2.next`']],
  ['1: sa‸les', ['state `sales` · connect: rings {{desk}}', '`failed` → `bye` (from `defaults`)', '`menu`: `on.noinput`', 'the key `9` of every menu']],
  ['    i‸vr:', ['What is played while the caller presses keys']],
  ['time‸out: 20', ['Seconds that a number rings, 10 to 60', '10 to 60; default 30']],
  ['ivr: cho‸ose', ['prompt `choose`', '“Tryck 1 för försäljning 🦜.”', '`menu.mp3`', '`menu`: `ivr`', '1 place in scripted calls']],
  ['{{de‸sk}}', ['value `desk`', 'always `+46846500410`', '`vars.desk`', '`sales`: `connect`']],
  ['sto‸rm:', ['switch `storm`', 'choices: [calm, wild]', 'Used nowhere.']],
  ['next: e‸nd', ['The call is over.']],
  ['play: tha‸nks.mp3, next: end', ['file `thanks.mp3`']],
  ['timez‸one', ['The time zone for schedules']],
  ['state: m‸enu', ['state `menu` · ivr'], 'flows/a.calls.yaml'],
  ['hang‸-up', ['the caller hangs up'], 'flows/a.calls.yaml'],
  ['pre‸ss', ['The keys in quotes'], 'flows/a.calls.yaml'],
]

void t.test('hover', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  await editor.open('flows/a.calls.yaml', calls)
  for (const [at, says, file = 'flows/a.yaml'] of hovers) {
    const text = file === 'flows/a.yaml' ? flow : calls
    const offset = text.indexOf(at.replace(CURSOR, '')) + at.indexOf(CURSOR)
    const said = await editor.at('textDocument/hover', file, offset)
    for (const one of says) t.ok(said?.contents.value.includes(one), `${at}: ${one}\n${said?.contents.value}`)
  }
  t.equal(await editor.at('textDocument/hover', 'flows/a.yaml', 3), null, 'a comment')
  const beep = 'start: a\nstates:\n  a: { ivr: sound/beep, on: { 1: b }, next: end }\n  b: { play: sound/beep, next: end }\n'
  await editor.open('flows/other.yaml', beep)
  await editor.problems('flows/other.yaml')
  t.match((await editor.at('textDocument/hover', 'flows/other.yaml', beep.indexOf('b: {'))).contents.value, 'A caller comes here by: press 1')
  await editor.end()
})

/** A cursor in the flow or in its calls, and the lines of the definition or of all places, by file. */
const navigations: readonly (readonly [at: string, definition: readonly string[], references?: readonly string[], file?: string])[] = [
  ['1: sa‸les', ['a.yaml:25'], ['a.yaml:21', 'a.yaml:23', 'a.yaml:24', 'a.yaml:25', 'a.yaml:5']],
  ['start: men‸u', ['a.yaml:16'], ['a.calls.yaml:5', 'a.calls.yaml:8', 'a.yaml:16', 'a.yaml:2', 'a.yaml:22']],
  ['state: "me‸nu.on.2"', ['a.yaml:16'], ['a.calls.yaml:5', 'a.calls.yaml:8', 'a.yaml:16', 'a.yaml:2', 'a.yaml:22'], 'flows/a.calls.yaml'],
  ['ivr: ch‸oose', ['a.yaml:14'], ['a.calls.yaml:6', 'a.yaml:14', 'a.yaml:18']],
  ['file: me‸nu.mp3', ['menu.mp3:1'], ['a.yaml:14']],
  ['play: tha‸nks.mp3', ['thanks.mp3:1'], ['a.calls.yaml:9', 'a.yaml:22', 'a.yaml:26'], 'flows/a.calls.yaml'],
  ['{{de‸sk}}', ['a.yaml:6'], ['a.calls.yaml:3', 'a.yaml:25', 'a.yaml:6']],
  ['save: ent‸ry', ['a.yaml:19'], ['a.yaml:19']],
  ['off‸ice:', ['a.yaml:10']],
  ['next: e‸nd', [], []],
  ['# the com‸ment', [], []],
]

void t.test('definitions and references', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  await editor.open('flows/a.calls.yaml', calls)
  const shown = (locations: Reply): string[] => locations.map((one: Reply) => `${one.uri.slice(one.uri.lastIndexOf('/') + 1)}:${one.range.start.line + 1}`).sort()
  for (const [at, definition, references, file = 'flows/a.yaml'] of navigations) {
    const text = file === 'flows/a.yaml' ? flow : calls
    const offset = text.indexOf(at.replace(CURSOR, '')) + at.indexOf(CURSOR)
    t.same(shown(await editor.at('textDocument/definition', file, offset)), definition, at)
    if (references !== undefined) t.same(shown(await editor.at('textDocument/references', file, offset, { context: { includeDeclaration: true } })), references, at)
  }
  const other = `${flow}  more: { flow: other }\n`
  await editor.change('flows/a.yaml', other)
  t.same(shown(await editor.at('textDocument/definition', 'flows/a.yaml', other.indexOf('other }') + 2)), ['other.yaml:1'], 'a flow')
  const without = await editor.at('textDocument/references', 'flows/a.yaml', flow.indexOf('choose'), { context: { includeDeclaration: false } })
  t.same(shown(without), ['a.calls.yaml:6', 'a.yaml:18'], 'without the declaration')
  await editor.end()
})

/** The cursor, the new name, and what of both files changes: nothing but these pieces. */
const renames: readonly (readonly [at: string, to: string, inFlow: Readonly<Record<string, string>>, inCalls: Readonly<Record<string, string>>])[] = [
  ['1: sa‸les', 'sellers', { '"sales"': '"sellers"', '1: sales': '1: sellers', '\'sales\'': '\'sellers\'', 'nomatch: sales': 'nomatch: sellers', '  sales:': '  sellers:' }, {}],
  ['  me‸nu:', 'first', { 'start: menu': 'start: first', 'next: menu': 'next: first', '  menu:': '  first:' }, { 'state: menu ': 'state: first ', '"menu.on.2"': '"first.on.2"' }],
  ['ivr: cho‸ose', 'main-menu', { 'choose: {': 'main-menu: {', 'ivr: choose': 'ivr: main-menu' }, { 'ivr: choose': 'ivr: main-menu' }],
  ['{{de‸sk}}', 'front', { '{ desk:': '{ front:', '{{desk}}': '{{front}}' }, { 'vars: { desk': 'vars: { front' }],
]
const refusals: readonly (readonly [at: string, to: string, says: RegExp])[] = [
  ['1: sa‸les', 'end', /`end` cannot be used as a name/], ['1: sa‸les', '__proto__', /cannot be used as a name/], ['1: sa‸les', 'Sales desk', /cannot be a name here: a name begins/],
  ['1: sa‸les', 'menu', /already a state `menu` in `a`/], ['{{de‸sk}}', 'color', /already a value `color`/], ['{{de‸sk}}', 'caller', /a value of tonval's own/],
  ['play: tha‸nks.mp3', 'other', /is a file/], ['# the com‸ment', 'other', /nothing that has a name/], ['next: e‸nd', 'other', /nothing that has a name/],
]

void t.test('rename', { timeout: 120_000 }, async t => {
  for (const documentChanges of [true, false]) {
    const editor = await startEditor({ files, capabilities: { workspace: { workspaceEdit: { documentChanges } } } })
    for (const end of ['\n', '\r\n']) {
      const text = flow.replaceAll('\n', end)
      await (end === '\n' ? editor.open('flows/a.yaml', text) : editor.change('flows/a.yaml', text))
      for (const [at, to, inFlow, inCalls] of renames) {
        const offset = text.indexOf(at.replace(CURSOR, '')) + at.indexOf(CURSOR)
        const prepared = await editor.at('textDocument/prepareRename', 'flows/a.yaml', offset)
        t.equal(text.slice(offsetAt(text, prepared.range.start), offsetAt(text, prepared.range.end)), prepared.placeholder, at)
        const edit: WorkspaceEdit = await editor.at('textDocument/rename', 'flows/a.yaml', offset, { newName: to })
        const changes = edit.changes ?? Object.fromEntries((edit.documentChanges as Reply[]).map(one => [one.textDocument.uri, one.edits]))
        t.equal(edit.changes === undefined, documentChanges)
        const expected = (of: string, pieces: Readonly<Record<string, string>>): string => Object.entries(pieces).reduce((now, [from, into]) => now.replaceAll(from, into), of)
        t.equal(apply(text, changes[editor.uri('flows/a.yaml')]), expected(text, inFlow), at)
        t.equal(apply(calls, changes[editor.uri('flows/a.calls.yaml')] ?? []), expected(calls, inCalls), `${at}, in the calls`)
      }
    }
    await editor.change('flows/a.yaml', flow)
    for (const [at, to, says] of refusals) {
      const offset = flow.indexOf(at.replace(CURSOR, '')) + at.indexOf(CURSOR)
      await t.rejects(editor.at('textDocument/rename', 'flows/a.yaml', offset, { newName: to }), { message: says }, `${at} → ${to}`)
    }
    await t.rejects(editor.at('textDocument/prepareRename', 'flows/a.yaml', 3), { message: /nothing that has a name/ })
    const half = `${flow}  more: "not closed\n`
    await editor.change('flows/a.yaml', half)
    await t.rejects(editor.at('textDocument/rename', 'flows/a.yaml', half.indexOf('1: sales') + 4, { newName: 'sellers' }), { message: /`a.yaml` cannot be read whole/ })
    await editor.end()
  }
})

void t.test('symbols', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files })
  await editor.open('flows/a.yaml', flow)
  await editor.open('flows/a.calls.yaml', calls)
  const ask = (name: string): Promise<DocumentSymbol[]> => editor.ask('textDocument/documentSymbol', { textDocument: { uri: editor.uri(name) } })
  const shown = (list: readonly DocumentSymbol[], indent = ''): string[] => list.flatMap(one => [`${indent}${one.name}${one.detail === '' ? '' : ` (${one.detail})`}`, ...shown(one.children ?? [], `${indent}  `)])
  t.same(shown(await ask('flows/a.yaml')).filter(line => !/vars|desk|color|lists|vip|schedules|office|switches|storm/.test(line) || /connect/.test(line)), [
    'prompts (1)', '  choose (“Tryck 1 för försäljning 🦜.”)',
    'states (3)', '  menu (ivr: “Tryck 1 för försäljning 🦜.”)', '    on.2 (play: `thanks.mp3`)', '  sales (connect: rings {{desk}})', '  bye (play: `thanks.mp3`)',
  ])
  t.same(shown(await ask('flows/a.calls.yaml')), ['one (6 steps)'])
  const inside = (outer: DocumentSymbol): boolean => (outer.children ?? []).every(one => offsetAt(flow, one.range.start) >= offsetAt(flow, outer.range.start) && offsetAt(flow, one.range.end) <= offsetAt(flow, outer.range.end) && inside(one))
  t.ok((await ask('flows/a.yaml')).every(inside), 'each within its parent, as editors want it')
  await editor.end()
})
