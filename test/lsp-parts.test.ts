/** Laws of the language server's parts, without a session: whatever stands in a flow is offered where it stands, a new name changes nothing else, and no text makes it throw. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { check } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import { AFTERWARDS, BUILT_IN, FILTERS } from '../src/compile/template.ts'
import { VERBS } from '../src/compile/verbs/list.ts'
import type { Flow } from '../src/compile/flow.ts'
import { complete } from '../src/lsp/complete.ts'
import { isForeign } from '../src/lsp/foreign.ts'
import { VERB_NAMES } from '../src/lsp/heard.ts'
import { hover } from '../src/lsp/hover.ts'
import { definitionsAt, referencesAt } from '../src/lsp/navigate.ts'
import { rename } from '../src/lsp/rename.ts'
import { meantIn } from '../src/lsp/meant.ts'
import { documentOf, treeOf } from '../src/lsp/scene.ts'
import type { Scene, View } from '../src/lsp/scene.ts'
import { symbolsOf } from '../src/lsp/symbols.ts'
import { FILTER_WORDS, MESSAGE_WORDS, VALUE_WORDS } from '../src/lsp/value-words.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { readFolder } from '../src/reload/read-folder.ts'
import { eachEntry } from '../src/lint/walk-nodes.ts'
import { remember } from './remember.ts'

const set = await readFolder('flows', new Map())
const settings = { env: {}, hosts: [], silence: SILENCE_FILE }

function viewsOf({ flows, calls = [] }: SourceSet): View[] {
  const view = (kind: View['kind']) => (file: SourceSet['flows'][number]): View => ({ uri: `file:///${file.path}`, path: file.path, flow: file.name, kind, text: file.text, version: undefined })
  return [...flows.map(view('flow')), ...calls.map(view('calls'))]
}

const repository = viewsOf(set)

/** The flows of this repository, with one of them as the file that is asked about, perhaps with another text. */
function sceneOf(path: string, text?: string): Scene {
  const views = repository.map(view => (view.path === path && text !== undefined ? { ...view, text } : view))
  return { view: views.find(view => view.path === path) as View, views, sounds: [...set.sounds.keys()], files: new Set([...set.sounds.keys(), ...(set.files?.keys() ?? [])]), ...(set.files === undefined ? {} : { beside: set.files }), folder: '/flows', problems: [], compiled: new Map() }
}

const paths = repository.map(view => view.path)

void t.test('every name is found where it stands', async t => {
  t.ok(paths.length >= 6)
  for (const path of paths) {
    const scene = sceneOf(path)
    const found = meantIn(scene, scene.view)
    // a conversation of two lines may name one prompt
    t.ok(found.length > 3 || path.endsWith('.calls.yaml'), path)
    t.same(found.filter(one => !one.bare || scene.view.text.slice(one.span.start, one.span.end) !== one.name), [], path)
    t.same(found.filter(one => one.kind !== 'file' && !(one.name in BUILT_IN) && !/^(recording|call)\./.test(one.name) && definitionsAt(scene, one.span.start).length === 0).map(one => `${one.kind} ${one.name}`), [], `${path}: each leads to its definition`)
  }
})

void t.test('what stands in a flow is offered where it stands, though the rest of the file is not yet written', { timeout: 280_000 }, async t => {
  for (const path of paths) {
    const scene = sceneOf(path)
    const whole = scene.view
    const all = meantIn(scene, whole)
    // the later calls of a file are like the first
    const most = whole.kind === 'flow' ? whole.text.length : 1500
    const missing: string[] = []
    const ask = (text: string, offset: number, wanted: string, what: string): void => {
      if (!complete(sceneOf(path, text), offset).some(item => item.label === wanted)) missing.push(`${what} ${wanted} at ${documentOf(whole).positionAt(offset).line + 1}`)
    }
    for (const one of all.filter(one => !one.isDefinition && one.span.end < most)) {
      const { start, end } = one.span
      const wanted = one.kind === 'switch' && whole.text.slice(0, start).endsWith('switch.') ? `switch.${one.name}` : one.head + one.name
      ask(whole.text.slice(0, start) + whole.text.slice(end), start, wanted, 'without its name:')
      // the names of a flow that is cut off here are known as far as it goes: ask for those that stand above
      const above = all.some(other => other.isDefinition && other.kind === one.kind && other.name === one.name && other.span.end < start)
      if (whole.kind === 'calls' || one.kind === 'file' || above) ask(whole.text.slice(0, start + 1), start + 1, wanted, 'cut off after a letter:')
    }
    const tree = treeOf(whole)
    const named = new Set(all.map(one => one.span.start))
    if (tree !== undefined) {
      // the keys of rows, days and dates are the author's own
      const rows = whole.text.match(/^ {4,8}([a-z]+(?=: \{ mobile)|[a-z]{3}-[a-z]{3}|\d{4}-[\d.-]+)/gm)?.map(row => row.trim()) ?? []
      // and so is what is sent to other programs, and what they reply
      const sent = [...whole.text.matchAll(/(?:headers|query|form): \{.*|json:(?: \{.*|(?:\n {6,}.*)+)/g)].map(match => ({ start: match.index, end: match.index + match[0].length }))
      const replies = /fetch:/.test(whole.text) ? ['gold', 'overdue', '404'] : []
      eachEntry(tree, ({ key }) => {
        // what an alias stands for is written elsewhere
        if (whole.text.slice(key.span.start, key.span.end) !== key.text && !key.quoted) return
        if (rows.includes(key.text) || replies.includes(key.text) || sent.some(({ start, end }) => key.span.start > start && key.span.start < end)) return
        if (named.has(key.span.start) || named.has(key.span.start + 1) || key.quoted || key.span.end > most) return
        ask(whole.text.slice(0, key.span.start) + whole.text.slice(key.span.end), key.span.start, key.text, 'without its key:')
        ask(whole.text.slice(0, key.span.start + 1), key.span.start + 1, key.text, 'cut off in its key:')
      })
    }
    t.same(missing, [], path)
  }
})

/** All that a flow does, with each name as it was. */
function meaning(flow: Flow | undefined, from: string, to: string): string {
  // a text that is spoken is shown as it is written, with its values
  return JSON.stringify({ ...flow, version: '' }).replaceAll(`"${to}`, `"${from}`).replaceAll(`{{${to}`, `{{${from}`)
}

void t.test('a new name changes nothing but the name', { timeout: 280_000 }, async t => {
  const { learn, know } = remember()
  const before = check(set, settings, { memo: learn }).served
  let count = 0
  for (const path of paths.filter(path => !path.endsWith('.calls.yaml'))) {
    const scene = sceneOf(path)
    for (const one of meantIn(scene, scene.view).filter(one => one.isDefinition && ['state', 'prompt', 'value', 'message'].includes(one.kind))) {
      const to = 'qq-new_name'
      const edited = new Map(rename(scene, one.span.start, to).map(([view, edits]) => [view.path, [...edits].sort((a, b) => documentOf(view).offsetAt(b.range.start) - documentOf(view).offsetAt(a.range.start))
        .reduce((text, { range, newText }) => text.slice(0, documentOf(view).offsetAt(range.start)) + newText + text.slice(documentOf(view).offsetAt(range.end)), view.text)] as const))
      const over = (files: SourceSet['flows']): SourceSet['flows'] => files.map(file => ({ ...file, text: edited.get(file.path) ?? file.text }))
      const after = check({ ...set, flows: over(set.flows), calls: over(set.calls ?? []) }, settings, { memo: know })
      t.same(after.problems.filter(problem => problem.severity === 'error').map(problem => problem.message), [], `${path}: ${one.kind} ${one.name}`)
      for (const { path: changed, flow: name } of repository.filter(view => view.kind === 'flow' && edited.has(view.path))) {
        const kept = meaning(after.served.get(name)?.flow, one.name, to)
        // a sound is called by its prompt in its address, an item by its message
        if (kept.replaceAll(`${to}.`, `${one.name}.`) !== meaning(before.get(name)?.flow, one.name, to)) t.fail(`${path}: ${one.kind} ${one.name} changes what ${changed} does`)
      }
      count++
    }
  }
  t.ok(count > 30, `${count} names`)
})

void t.test('no text and no place makes it throw', { timeout: 280_000 }, async t => {
  const texts = repository.map(view => view.text)
  const pieces = fc.constantFrom(' ', '\n', '  ', '{', '}', '[', ']', '"', '\'', ':', ': ', '- ', '#', '{{', '}}', '|', '*', '&a ', '!', '%', '@', '\t', '\r\n', '🦜', '\ud800', '>', '<<: ', '---\n', 'next', '\ufeff', '\u0000')
  const mangled = fc.tuple(fc.constantFrom(...paths), fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), pieces, fc.nat(30)), { maxLength: 4 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean())
  fc.assert(fc.property(mangled, ([path, edits, place, cut]) => {
    let text = texts[paths.indexOf(path)] as string
    for (const [at, piece, drop] of edits) text = text.slice(0, Math.floor(at * text.length)) + piece + text.slice(Math.floor(at * text.length) + drop)
    const offset = Math.floor(place * text.length)
    const scene = sceneOf(path, cut ? text.slice(0, offset) : text)
    complete(scene, offset)
    hover(scene, offset)
    definitionsAt(scene, offset)
    referencesAt(scene, offset, true)
    symbolsOf(scene.view)
    try {
      rename(scene, offset, 'other')
    } catch (error) {
      // a refusal says why; anything else is a fault
      if ((error as { code?: number }).code !== -32803) throw error
    }
  }), { numRuns: 400 })
  for (const text of ['', '\n', ':', '- a', '{', '"', '[[[[', '{{', `${'{ a: '.repeat(200)}`, 'a: &x [*x]\n', `${'  '.repeat(60)}x:`, 'states:\n  a: &b { next: *b }\n']) {
    for (let offset = 0; offset <= Math.min(text.length, 20); offset++) {
      const scene = sceneOf('flows/switchboard.yaml', text)
      t.ok(Array.isArray(complete(scene, offset)), JSON.stringify(text))
      hover(scene, offset)
      symbolsOf(scene.view)
    }
  }
})

void t.test('words for everything that there is', async t => {
  t.same(Object.keys(VALUE_WORDS).sort(), Object.keys(BUILT_IN).sort())
  t.same(Object.keys(MESSAGE_WORDS).sort(), Object.keys(AFTERWARDS).sort())
  t.same(Object.keys(FILTER_WORDS).sort(), [...FILTERS].sort())
  t.same(VERBS.map(verb => verb.name).filter(name => !VERB_NAMES.includes(name)), [])
})

void t.test('whose YAML it is', async t => {
  const rows: [text: string, folder: string | undefined, foreign: boolean][] = [
    ['start: a\n', '/x', false], ['stats: {}\n', '/x', false], ['', '/x', false], ['# nothing yet\n', '/x', false], ['calls: []\n', '/x', false],
    ['services: {}\n', '/x', true], ['services: {}\n', undefined, true], ['services: {}\n', '/x/flows', false], ['name: ci\non: push\njobs: {}\n', '/x', true],
    ['# yaml-language-server: $schema=../schema/flow.schema.json\ntitle: x\n', '/x', false], ['apiVersion: v1\nkind: Pod\n', '/x', true],
  ]
  for (const [text, folder, foreign] of rows) t.equal(isForeign({ flows: [{ name: 'a', path: 'a.yaml', text }], sounds: new Map() }, folder), foreign, `${JSON.stringify(text)} in ${folder}`)
})

void t.test('a modeline leads to a schema', async t => {
  for (const path of paths.filter(path => !path.endsWith('.calls.yaml'))) {
    const schema = /^# yaml-language-server: \$schema=(\S+)/.exec(readFileSync(path, 'utf8'))?.[1]
    t.ok(JSON.parse(readFileSync(`flows/${schema}`, 'utf8')).properties.states, path)
  }
})
