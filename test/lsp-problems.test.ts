/** Problems while somebody types, and their mends, over a real session with `tonval lsp`; and what it outlives. */
import { spawn } from 'node:child_process'
import { rmSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PassThrough, Writable } from 'node:stream'
import t from 'tap'
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { serveEditor } from '../src/lsp/serve-editor.ts'
import { folderWith, offsetAt, startEditor } from './lsp/editor.ts'
import type { Session } from './lsp/editor.ts'
import { BARE_NODE, ENV } from './node.ts'

const good = 'start: menu\nlanguage: sv\nstates:\n  menu: { ivr: sound/beep, on: { 1: bye, noinput: bye, nomatch: bye } }\n  bye: { play: sound/beep, next: end }\n'
const calls = 'calls:\n  - name: one\n    steps:\n      - ivr: sound/beep\n      - press: "1"\n      - play: sound/beep\n      - end\n'
const codes = (problems: readonly Diagnostic[]): string[] => problems.map(one => String(one.code))
const errors = (problems: readonly Diagnostic[]): readonly Diagnostic[] => problems.filter(one => one.severity === 1)

/** Each problem's range as the text that it covers. */
function marked(text: string, problems: readonly Diagnostic[]): string[] {
  return problems.map(one => `${one.code}: ${text.slice(offsetAt(text, one.range.start), offsetAt(text, one.range.end))}`)
}

/** A text and what is marked in it as an error. */
const texts: readonly (readonly [name: string, text: string, marks: readonly string[]])[] = [
  ['a target', good.replace('1: bye', '1: by'), ['unknown-target: by']],
  ['behind letters that are two units', good.replace('start: menu', 'title: "🦜🦜 åäö"\nstart: menu').replace('{ play: sound/beep, next: end }', '{ note: "🦜", play: sound/beep, next: ende }'), ['unknown-target: ende']],
  ['with Windows line ends', good.replace('1: bye', '1: by').replaceAll('\n', '\r\n'), ['unknown-target: by']],
  ['half typed', good.replace('next: end }', 'ne'), ['yaml-syntax: {']],
  ['nothing', '', ['empty-file: ']],
  ['two at once', good.replace('1: bye', '1: by').replace('start: menu', 'start: meny'), ['unknown-target: meny', 'unknown-target: by']],
  ['none', good, []],
]

void t.test('problems as they are typed', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files: { 'flows/a.yaml': good, 'flows/a.calls.yaml': calls } })
  await editor.open('flows/a.yaml', good)
  t.same(errors(await editor.problems('flows/a.yaml')), [])
  for (const end of ['', '\n# ¡ñ🦜\n']) {
    for (const [name, text, marks] of texts) {
      if (text === '' && end !== '') continue
      await editor.change('flows/a.yaml', text + end)
      t.same(marked(text, errors(await editor.problems('flows/a.yaml'))), marks, name)
    }
  }
  // one letter after another, as fingers do: the last state counts
  await editor.change('flows/a.yaml', good)
  const at = good.indexOf('1: bye') + 3
  for (const letter of 'nowhere-') await editor.insert('flows/a.yaml', at, letter)
  t.match(errors(await editor.problems('flows/a.yaml')), [{ code: 'unknown-target', message: /`-erehwonbye`/ }])
  for (const one of editor.published.filter(one => one.uri === editor.uri('flows/a.yaml'))) t.type(one.version, 'number')
  const versions = editor.published.filter(one => one.uri === editor.uri('flows/a.yaml')).map(one => one.version as number)
  t.same(versions, [...versions].sort((a, b) => a - b), 'never an older one after a newer one')
  await editor.end()
})

void t.test('what a problem holds', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files: { 'flows/a.yaml': good } })
  const text = `${good.replace('1: bye', '1: byr')}  lost: { play: sound/beep, next: end }\n`.replace('start: menu', 'numbers: ["+46846500400"]\nstart: menu')
  await editor.open('flows/a.yaml', text)
  const problems = await editor.problems('flows/a.yaml')
  const target = problems.find(one => one.code === 'unknown-target')
  t.match(target, { severity: 1, source: 'tonval', message: /leads to a state that does not exist\n.*a caller who presses 1 would be cut off\n.*did you mean `bye`/s })
  t.match(target?.relatedInformation, [{ message: '`bye` is here', location: { uri: editor.uri('flows/a.yaml') } }])
  const [page, line] = (target?.codeDescription?.href ?? '').split('#L')
  t.match(readFileSync(fileURLToPath(page as string), 'utf8').split('\n')[Number(line) - 1], '| `unknown-target` | error |', 'the address is that of the rule')
  await editor.change('flows/a.yaml', text.replace('1: byr', '1: bye'))
  const rest = await editor.problems('flows/a.yaml')
  t.match(rest.find(one => one.code === 'unreachable-state'), { severity: 2, tags: [1] })
  t.match(rest.find(one => one.code === 'no-calls'), { severity: 3 }, 'infos too')
  await editor.open('flows/b.yaml', good.replace('start: menu', 'numbers: ["+46846500400"]\nstart: menu'))
  t.match(errors(await editor.problems('flows/b.yaml')), [{ code: 'number-used-twice', relatedInformation: [{ location: { uri: editor.uri('flows/a.yaml') } }] }], 'a flow that was never saved is one of the folder')
  await editor.close('flows/b.yaml')
  t.ok(await editor.problems('flows/b.yaml', list => list.length === 0), 'and when it is closed it is gone')
  await editor.end()
})

void t.test('scripted calls', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files: { 'flows/a.yaml': good, 'flows/a.calls.yaml': calls } })
  const other = good.replace('1: bye', '1: other') + '  other: { play: sound/dtmf/1, next: end }\n'
  await editor.open('flows/a.yaml', good)
  await editor.problems('flows/a.yaml')
  await editor.change('flows/a.yaml', other)
  t.same(errors(await editor.problems('flows/a.yaml')), [])
  t.same(editor.published.filter(one => one.uri === editor.uri('flows/a.calls.yaml')).flatMap(one => one.diagnostics), [], 'are not held while somebody types')
  await editor.save('flows/a.yaml')
  t.same(codes(await editor.problems('flows/a.calls.yaml', list => list.length > 0)), ['call-fails'], 'but when it is saved')
  await editor.open('flows/a.calls.yaml', calls.replace('name: one', 'nam: one'))
  t.same(codes(await editor.problems('flows/a.calls.yaml')), ['unknown-field'], 'what is wrong with them by themselves')
  await editor.change('flows/a.calls.yaml', calls.replace('press', 'pres'))
  t.same(codes(await editor.problems('flows/a.calls.yaml')), ['no-verb'], 'while they are typed, too')
  await editor.change('flows/a.calls.yaml', calls.replace('play: sound/beep', 'play: sound/dtmf/1'))
  await editor.save('flows/a.calls.yaml')
  t.same(await editor.problems('flows/a.calls.yaml', list => list.length === 0), [])
  await editor.end()
})

function apply(text: string, edits: readonly TextEdit[]): string {
  return [...edits].sort((a, b) => offsetAt(text, b.range.start) - offsetAt(text, a.range.start))
    .reduce((now, { range, newText }) => now.slice(0, offsetAt(text, range.start)) + newText + now.slice(offsetAt(text, range.end)), text)
}

async function actions(editor: Session, name: string, text: string, find: string, only?: readonly string[]): Promise<CodeAction[]> {
  const start = find === '' ? text.length : text.indexOf(find)
  const lines = text.slice(0, start).split('\n')
  const place = { line: lines.length - 1, character: (lines.at(-1) as string).length }
  return await editor.ask('textDocument/codeAction', { textDocument: { uri: editor.uri(name) }, range: { start: place, end: place }, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } }) ?? []
}

/** A text, before what the cursor stands (or at the end), and what the file is after the mend. */
const mends: readonly (readonly [text: string, at: string, title: string, safe: boolean, after: string])[] = [
  [good.replace('1: bye', '1: byr'), 'byr', 'Change `byr` to `bye`', false, good],
  [good.replace('ivr:', 'ivr :').replace('play:', 'pley:'), 'pley', 'Change `pley` to `play`', false, good.replace('ivr:', 'ivr :')],
  [good.replace('1: bye', '*: bye'), '*', 'Change `*` to `"*"`', true, good.replace('1: bye', '"*": bye')],
  [good.trimEnd(), '', 'Insert `⏎`', true, good],
]

void t.test('mends', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files: { 'flows/a.yaml': good } })
  await editor.open('flows/a.yaml', good)
  for (const [before, at, title, safe, after] of mends) {
    for (const end of ['\n', '\r\n']) {
      const text = before.replaceAll('\n', end)
      await editor.change('flows/a.yaml', text)
      // asked at once: the answer is about this text, whatever was checked before
      const list = await actions(editor, 'flows/a.yaml', text, at)
      const action = list.find(one => one.title === title)
      t.match(action, { kind: 'quickfix', ...(safe ? { isPreferred: true } : {}) }, `${title} of ${list.map(one => one.title).join(', ')}`)
      t.equal(action?.isPreferred === true, safe, `${title}: preferred where it is safe`)
      t.equal(apply(text, action?.edit?.changes?.[editor.uri('flows/a.yaml')] ?? []), after.replaceAll('\n', end), title)
      t.equal(action?.diagnostics?.length, 1)
    }
  }
  const several = good.replace('1: bye', '*: bye').replace('start: menu', '# kept 🦜\nstart: menu').trimEnd().replace('noinput: bye', 'noinput: byr')
  await editor.change('flows/a.yaml', several)
  const all = await actions(editor, 'flows/a.yaml', several, '# kept', ['source.fixAll'])
  t.equal(all.length, 1)
  t.equal(all[0]?.kind, 'source.fixAll.tonval')
  t.equal(apply(several, all[0]?.edit?.changes?.[editor.uri('flows/a.yaml')] ?? []), good.replace('1: bye', '"*": bye').replace('start: menu', '# kept 🦜\nstart: menu').replace('noinput: bye', 'noinput: byr'), 'all that are safe, and no other')
  await editor.change('flows/a.yaml', good)
  t.same(await actions(editor, 'flows/a.yaml', good, 'start', ['source.fixAll']), [])
  t.same(await actions(editor, 'flows/a.yaml', good, 'start'), [])
  await editor.end()
})

void t.test('files that come and go', { timeout: 120_000 }, async t => {
  const editor = await startEditor({ files: { 'flows/a.yaml': good.replace('sound/beep, next', 'bye.mp3, next'), 'flows/old.yaml': good.replace('1: bye', '1: byr') }, capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } } })
  const text = good.replace('sound/beep, next', 'bye.mp3, next')
  await editor.open('flows/a.yaml', text)
  t.same(codes(errors(await editor.problems('flows/a.yaml'))), ['missing-audio'])
  t.same(codes(errors(await editor.problems('flows/old.yaml'))), ['unknown-target'], 'of a file that is not open')
  t.match(editor.registered, [{ method: 'workspace/didChangeWatchedFiles' }])
  writeFileSync(join(editor.folder, 'flows/bye.mp3'), readFileSync('flows/switchboard/thanks.mp3'))
  rmSync(join(editor.folder, 'flows/old.yaml'))
  await editor.notify('workspace/didChangeWatchedFiles', { changes: [] })
  t.ok(await editor.problems('flows/a.yaml', list => errors(list).length === 0), 'a sound that came')
  t.ok(await editor.problems('flows/old.yaml', list => list.length === 0), 'a flow that went')
  renameSync(join(editor.folder, 'flows'), join(editor.folder, 'gone'))
  await editor.notify('workspace/didChangeWatchedFiles', { changes: [] })
  t.same(codes(errors(await editor.problems('flows/a.yaml', list => errors(list).length > 0))), ['missing-audio'], 'the folder itself went: what is open is still looked at')
  t.ok(Array.isArray(await editor.at('textDocument/completion', 'flows/a.yaml', 0)))
  await editor.close('flows/a.yaml')
  t.same(await editor.problems('flows/a.yaml', list => list.length === 0), [], 'closed')
  t.equal((await editor.end()).status, 0)
})

void t.test('documents without a folder, and those of others', { timeout: 120_000 }, async t => {
  const compose = 'services:\n  web: { image: nginx }\n'
  const editor = await startEditor({ files: { 'docker-compose.yaml': compose, 'flows/a.yaml': good }, noFolder: true })
  await editor.open('untitled:Untitled-1', good.replace('1: bye', '1: byr'))
  t.same(codes(errors(await editor.problems('untitled:Untitled-1'))), ['unknown-target'])
  t.match(await editor.at('textDocument/completion', 'untitled:Untitled-1', good.indexOf('1: bye') + 4), [{ label: 'end' }])
  await editor.open('docker-compose.yaml', compose)
  t.same(await editor.problems('docker-compose.yaml'), [], 'is none of ours')
  t.equal(await editor.at('textDocument/completion', 'docker-compose.yaml', 0), null)
  await editor.open('flows/a.yaml', good.replace('1: bye', '1: byr'))
  t.same(codes(errors(await editor.problems('flows/a.yaml'))), ['unknown-target'], 'a file of a folder that the editor did not open')
  t.equal(await editor.ask('textDocument/hover', { textDocument: { uri: 'file:///nowhere/at/all.yaml' }, position: { line: 0, character: 0 } }), null)
  t.equal((await editor.end()).status, 0)
})

void t.test('how it ends', { timeout: 120_000 }, async t => {
  const polite = await startEditor()
  t.same(await polite.end(), { status: 0, stderr: '' }, 'shutdown and exit')
  const rude = await startEditor()
  await rude.notify('exit', undefined)
  t.equal(await rude.ended, 1, 'exit without shutdown, as the protocol has it')
  const gone = await startEditor()
  gone.process.stdin?.end()
  t.equal(await gone.ended, 0, 'the editor is gone')
  const main = resolve('build/src/cli/main.js')
  const run = (args: readonly string[], input: string): Promise<{ status: number | null; stdout: string; stderr: string }> => new Promise(done => {
    const child = spawn(ENV, [...BARE_NODE, main, 'lsp', ...args], { stdio: 'pipe' })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => { said.stdout += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { said.stderr += chunk.toString() })
    child.once('close', status => done({ status, ...said }))
    child.stdin.end(input)
  })
  t.match(await run([], 'Content-Length: x\r\n\r\n{}'), { status: 3, stdout: '', stderr: /not the language server protocol/ })
  t.match(await run(['flows'], ''), { status: 2, stdout: '', stderr: /takes no path/ })
  t.match(await run(['--help'], ''), { status: 0, stdout: /Language Server Protocol/, stderr: '' })

  const input = new PassThrough()
  let told = ''
  const ended = serveEditor({ input, output: new Writable({ write: (_chunk, _encoding, done) => done() }), settings: { env: {}, hosts: [], silence: SILENCE_FILE }, version: '0', tell: text => { told += text } })
  input.destroy(new Error('the disk of the cat is full'))
  t.equal(await ended, 'failed')
  t.match(told, 'the disk of the cat is full')
})

void t.test('nothing but the protocol on standard output', { timeout: 120_000 }, async t => {
  const folder = folderWith({ 'flows/a.yaml': good })
  t.teardown(() => rmSync(folder, { recursive: true }))
  const child = spawn(ENV, [...BARE_NODE, resolve('build/src/cli/main.js'), 'lsp'], { stdio: 'pipe' })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } })
  send({ method: 'initialized', params: {} })
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri: `file://${folder}/flows/a.yaml`, languageId: 'yaml', version: 1, text: 'start: å\n' } } })
  send({ id: 2, method: 'no/such/request', params: {} })
  send({ id: 3, method: 'textDocument/rename', params: { textDocument: { uri: `file://${folder}/flows/a.yaml` }, position: { line: 99, character: 99 }, newName: '' } })
  send({ id: 4, method: 'shutdown' })
  send({ method: 'exit' })
  t.equal(await new Promise(done => child.once('close', done)), 0)
  let rest = Buffer.concat(chunks)
  const ids = new Set<unknown>()
  while (rest.length > 0) {
    const head = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(rest.toString('latin1'))
    if (head === null) return t.fail(`this is no message: ${rest.toString().slice(0, 80)}`)
    const end = head[0].length + Number(head[1])
    ids.add(JSON.parse(rest.subarray(head[0].length, end).toString()).id)
    rest = rest.subarray(end)
  }
  t.ok([1, 2, 3, 4].every(id => ids.has(id)), 'every request was answered')
})
