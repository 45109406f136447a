/** Lists and tables: read as they are written, found as a Set and a Map would, part of a flow's version; and chance that is drawn from the call. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { check, rebuild } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { draw, drawDigits, shuffle } from '../src/compile/draw.ts'
import { isListed, numberList } from '../src/compile/number-list.ts'
import { isNumber, isPrefix } from '../src/compile/number-problem.ts'
import { rowOf } from '../src/compile/table.ts'
import { cleanNumbers } from '../src/compile/verbs/connect.ts'
import { parseList } from '../src/parse/list-text.ts'
import { parseTable } from '../src/parse/table-text.ts'
import { Lines } from '../src/problem/lines.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import type { First } from '../src/run/call.ts'
import { readFolder } from '../src/reload/read-folder.ts'
import { flowIn, replyText, walk } from './flow-in-text.ts'

const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }
const RUNS = { numRuns: 300 }

void t.test('a list, line by line', async t => {
  const text = '# our own\r\n+46701740601 # Anna\r\n\r\n  +4670*\t\n#\n+46701740602'
  const cells = parseList(text)
  t.strictSame(cells.map(cell => cell.text), ['+46701740601', '+4670*', '+46701740602'])
  t.strictSame(cells.map(({ span }) => text.slice(span.start, span.end)), cells.map(cell => cell.text), 'and where')
})

void t.test('tables as spreadsheets write them', async t => {
  const rows: [name: string, text: string, rows: string[][]][] = [
    ['commas', 'a,b\n1,2\n', [['a', 'b'], ['1', '2']]],
    ['semicolons, as Excel in Sweden', 'a;b\r\n1,5;2\r\n', [['a', 'b'], ['1,5', '2']]],
    ['tabs', 'a\tb\n1\t\n', [['a', 'b'], ['1', '']]],
    ['the separator said', 'sep=;\r\na;b,c\r\n1;2\r\n', [['a', 'b,c'], ['1', '2']]],
    ['quotes', 'a,b\n"x, ""y""\nz",2\n', [['a', 'b'], ['x, "y"\nz', '2']]],
    ['rows of nothing', 'a;b\n\n;\n1;2\n;\n', [['a', 'b'], ['1', '2']]],
    ['space around', ' a , b \n 1 ,"2" \n', [['a', 'b'], ['1', '2']]],
    ['no line end', 'a,b\n1,2', [['a', 'b'], ['1', '2']]],
    ['only a first line', 'a,b\n', [['a', 'b']]],
    ['one column', 'a\n1\n', [['a'], ['1']]],
    ['nothing', '', []],
  ]
  for (const [name, text, expected] of rows) t.strictSame(parseTable(text).rows.map(row => row.map(cell => cell.text)), expected, name)
  const broken: [text: string, why: RegExp, place: string][] = [
    ['a,b\n"x,y\n1,2\n', /never closed/, '2:1'], ['a,b\nå,x"y\n', /in the middle/, '2:3'], ['a;b\n1;"x"y\n', /behind a closing/, '2:3'],
  ]
  for (const [text, why, place] of broken) {
    const { broken: found } = parseTable(text)
    t.match(found?.why, why, text)
    const { line, column } = new Lines(text).at(found?.span.start ?? -1)
    t.equal(`${line}:${column}`, place, text)
  }
})

void t.test('what is written as a table is read as it, and where it stands', async t => {
  // no cell is only space around a word: that is trimmed
  const cell = fc.array(fc.constantFrom('a', 'å', '𝄞', '0', ' ', ',', ';', '"', '\n', '+'), { maxLength: 6 }).map(signs => signs.join('').trim())
  const table = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'))
    .chain(([width, delimiter, end]) => fc.tuple(fc.constant(delimiter), fc.constant(end), fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 })))
  fc.assert(fc.property(table, ([delimiter, end, body]) => {
    const head = (body[0] ?? ['', '']).map((_, index) => `column${index}`)
    const write = (text: string): string => (/[,;"\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
    const text = [head, ...body].map(row => row.map(write).join(delimiter)).join(end) + end
    const { rows, broken } = parseTable(text)
    const expected = [head, ...body].filter(row => row.some(one => one !== ''))
    t.equal(broken, undefined)
    t.strictSame(rows.map(row => row.map(one => one.text)), expected)
    t.ok(rows.flat().every(({ text: said, span }) => text.slice(span.start, span.end) === write(said)), JSON.stringify(text))
  }), RUNS)
})

const number = fc.stringMatching(/^\+4[0-9]{1,4}$/)
const entry = fc.oneof(number, number.map(one => `${one}*`))

void t.test('a list finds what is in it, in other threads too', async t => {
  fc.assert(fc.property(fc.array(entry, { maxLength: 12 }), fc.oneof(number, fc.constantFrom('', 'constructor', '__proto__', 'hidden', '+')), (entries, asked) => {
    const expected = entries.some(one => (one.endsWith('*') ? asked.startsWith(one.slice(0, -1)) : asked === one))
    const list = numberList(entries)
    return [list, structuredClone(list), JSON.parse(JSON.stringify(list)) as typeof list].every(one => isListed(one, asked) === expected)
  }), RUNS)
  t.ok(numberList(Array.from({ length: 100_000 }, (_, index) => `+46${index}*`)).lengths.length <= 6, 'beginnings cost their lengths, not their number')
})

void t.test('a table finds what a Map would, in other threads too', async () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '0', '10', '-1'))
  fc.assert(fc.property(fc.array(fc.tuple(key, fc.string())), key, (pairs, asked) => {
    const map = new Map(pairs)
    const rows = Object.create(null) as Record<string, readonly string[]>
    for (const [one, value] of map) rows[one] = [value]
    const table = { columns: ['x'], rows }
    return [table, structuredClone(table)].every(one => rowOf(one, asked)?.[0] === map.get(asked))
  }), RUNS)
})

void t.test('what of many texts is rung', async () => {
  const part = fc.oneof(fc.stringMatching(/^\+46[1-8][0-9]{4,8}$/), fc.constantFrom('', ' ', '+4670*', '112', '0701740601', 'sip:a@b.example', 'SIP:a', 'hello', '+46 70'))
  fc.assert(fc.property(fc.array(fc.array(part, { maxLength: 8 }).map(parts => parts.join(', ')), { maxLength: 4 }), texts => {
    const all = texts.join(',').split(',').map(one => one.trim())
    const rung = cleanNumbers(texts)
    return rung.length <= 10 && new Set(rung).size === rung.length && rung.every(one => isNumber(one) && !isPrefix(one) && all.includes(one))
      // the first ones, in their order; nothing is lost before the tenth
      && JSON.stringify(rung) === JSON.stringify(all.filter((one, index) => isNumber(one) && all.indexOf(one) === index).slice(0, 10))
  }), RUNS)
})

const drawer = fc.record({ id: fc.string(), moves: fc.nat(200) })

void t.test('what is drawn once is drawn again', async t => {
  fc.assert(fc.property(drawer, fc.string(), fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(), { maxLength: 10 }), (one, place, count, things) => {
    const again = structuredClone(one)
    const share = draw(one, place)
    const order = shuffle(one, place, things)
    return share >= 0 && share < 1 && draw(again, place) === share
      && new RegExp(`^[0-9]{${count}}$`).test(drawDigits(one, place, count)) && drawDigits(again, place, count) === drawDigits(one, place, count)
      && JSON.stringify(shuffle(again, place, things)) === JSON.stringify(order) && JSON.stringify(order.toSorted()) === JSON.stringify(things.toSorted())
  }), RUNS)
  const calls = Array.from({ length: 20_000 }, (_, index) => ({ id: `call ${index}`, moves: index % 5 }))
  // five standard deviations: these calls are always the same ones
  const near = (count: number, share: number): boolean => Math.abs(count / calls.length - share) < 5 * Math.sqrt(share * (1 - share) / calls.length)
  for (const share of [0.01, 0.25, 0.5, 0.9]) t.ok(near(calls.filter(call => draw(call, 'r.route.0.when') < share).length, share), `${share} of all calls`)
  const both = calls.filter(call => draw(call, 'r.route.0.when') < 0.5 && draw(call, 'r.route.1.when') < 0.5).length
  t.ok(near(both, 0.25), 'two lines draw each for itself')
  const orders = new Map<string, number>()
  for (const call of calls) orders.set(shuffle(call, 'ring', [1, 2, 3]).join(), (orders.get(shuffle(call, 'ring', [1, 2, 3]).join()) ?? 0) + 1)
  t.equal(orders.size, 6)
  for (const [order, count] of orders) t.ok(near(count, 1 / 6), order)
  for (const digit of '0123456789') t.ok(near(calls.filter(call => drawDigits(call, 'pin', 4)[0] === digit).length, 0.1), `a pin that begins with ${digit}`)
})

void t.test('chance, digits and orders in a call', async t => {
  const flow = flowIn(`start: pin
states:
  pin: { set: { pin: { random: 6 }, other: { random: 20 } }, next: who }
  who: { route: [{ when: { chance: 0.5 }, goto: ring }, { goto: say }] }
  ring: { connect: ["+46701740601", "+46701740602", "+46701740603"], order: random, between: b.mp3, on: { failed: say, busy: pin } }
  say: { play: "https://x.example/{{pin}}/{{other}}.mp3", next: end }
`)
  const seen = new Set<string>()
  for (let index = 0; index < 60; index++) {
    const reports = ['failed', 'busy', 'failed']
    const first = walk(flow, reports, { id: `call ${index}` })
    t.strictSame(walk(flow, reports, { id: `call ${index}` }), first, 'the same call, the same draws')
    const said = first.map(step => replyText(step.reply))
    seen.add((said[0] ?? '').startsWith('play') ? 'said' : 'rung')
    if (said[0]?.startsWith('play') === true) t.match(said[0], /^play https:\/\/x\.example\/\d{6}\/\d{20}\.mp3 > end$/)
    else {
      const rung = said.slice(0, 3).map(text => /\+\d+/.exec(text)?.[0])
      t.strictSame(rung.toSorted(), ['+46701740601', '+46701740602', '+46701740603'])
      t.strictSame(said.slice(0, 3).map(text => text.startsWith('play b.mp3 > connect')), [false, true, true], 'between all but the first')
      seen.add(rung.join())
    }
  }
  t.ok(seen.has('said') && seen.has('rung') && seen.size > 4, `${seen.size} ways`)
  const visits = flowIn(`start: a\nstates:\n  a: { route: [{ when: { chance: 0.5 }, goto: b }, { goto: c }] }\n  b: { ivr: b.mp3, on: { 1: a, noinput: end, nomatch: end } }\n  c: { ivr: c.mp3, on: { 1: a, noinput: end, nomatch: end } }\n`)
  const arrivals = walk(visits, Array.from({ length: 40 }, () => '1')).map(step => replyText(step.reply))
  t.equal(new Set(arrivals).size, 2, 'each visit draws anew')
})

const FLOW = `start: who
lists: { blocked: { file: blocked.txt } }
tables: { offices: { file: data/offices.csv } }
states:
  who: { route: [{ when: { caller: blocked }, goto: bye }, { goto: office }] }
  office: { lookup: offices, key: "{{called}}", on: { success: ring, missing: bye } }
  ring: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: sound/beep, next: end }
`
const OTHER = 'start: s\nstates:\n  s: { play: sound/beep, next: end }\n'
const BLOCKED = '+46701740601\n'
const OFFICES = 'line;town;desk\r\n+46846500401;Malmö;+46701740602\r\n'

function setOf(files: Readonly<Record<string, string>>, flows: Readonly<Record<string, string>> = { menu: FLOW }): SourceSet {
  return {
    flows: Object.entries(flows).map(([name, text]) => ({ name, path: `flows/${name}.yaml`, text })), sounds: new Map(),
    files: new Map(Object.entries(files).map(([name, text]) => [name, { path: `flows/${name}`, text, ...(text === '-' ? { unreadable: 'EACCES' } : {}) }])),
  }
}

void t.test('mistakes in files beside the flow stand in those files, and keep it from going live', async t => {
  const good = check(setOf({ 'blocked.txt': BLOCKED, 'data/offices.csv': OFFICES, 'unnamed.csv': '"' }), SETTINGS)
  t.strictSame(good.problems, [])
  t.ok(good.served.has('menu'))
  const rows: [name: string, files: Record<string, string>, problems: string[]][] = [
    ['a word in a list', { 'blocked.txt': '# us\n+46701740601\n  anna # no\n070\n' }, ['blocked.txt:3:3 bad-number', 'blocked.txt:4:1 bad-number']],
    ['a row too short, a row too long', { 'data/offices.csv': 'line;town;desk\n+46846500401;Malmö\n+46846500402;a;+46701740602;x\n' }, ['data/offices.csv:2:1 bad-table', 'data/offices.csv:3:1 bad-table']],
    ['one key twice', { 'data/offices.csv': 'line,town,desk\n+46846500401,a,\n+46846500402,a,\n+46846500401,b,\n' }, ['data/offices.csv:4:1 duplicate-key']],
    ['no key', { 'data/offices.csv': 'line,town,desk\n,a,+46701740602\n' }, ['data/offices.csv:2:1 bad-table']],
    ['an empty file', { 'data/offices.csv': '' }, ['data/offices.csv:1:1 bad-table']],
    ['an open quote', { 'data/offices.csv': 'line,town,desk\n+46846500401,"a,+46701740602\n' }, ['data/offices.csv:2:14 bad-table']],
    ['columns without a name, with a bad one, twice', { 'data/offices.csv': 'line,,Desk phone,town,desk,town,caller\n+46846500401,,,,,,\n' },
      ['data/offices.csv:1:6 bad-name', 'data/offices.csv:1:7 bad-name', 'data/offices.csv:1:28 duplicate-key', 'data/offices.csv:1:33 reserved-name']],
    ['numbers that a spreadsheet has spoilt', { 'data/offices.csv': 'line;town;desk\n4,68465E+10;a;+46701740602\n46846500402;b;08-465 004 02\n' },
      ['data/offices.csv:2:1 bad-number', 'data/offices.csv:3:1 bad-number', 'data/offices.csv:3:15 bad-number']],
    ['Latin-1', { 'data/offices.csv': 'line;town;desk\n+46846500401;Malm\uFFFD;\n' }, ['data/offices.csv:2:18 bad-encoding']],
    ['a conflict', { 'blocked.txt': `<<<<<<< HEAD\n${BLOCKED}` }, ['blocked.txt:1:1 merge-conflict']],
    ['a file that cannot be read', { 'blocked.txt': '-' }, ['blocked.txt:1:1 unreadable-file']],
  ]
  for (const [name, files, problems] of rows) {
    const all = { 'blocked.txt': BLOCKED, 'data/offices.csv': OFFICES, ...files }
    const checked = check(setOf(all, { menu: FLOW, twin: FLOW, other: OTHER }), SETTINGS)
    t.strictSame(checked.problems.map(problem => {
      const { line, column } = new Lines(all[problem.file.slice('flows/'.length) as 'blocked.txt'] ?? '').at(problem.span.start)
      return `${problem.file.slice('flows/'.length)}:${line}:${column} ${problem.code}`
    }), problems, `${name}: each is told once, though two flows name the file`)
    t.strictSame([[...checked.served.keys()], checked.refused], [['other'], ['menu', 'twin']], `${name}: both flows are refused, and no other`)
  }
  const gone = check(setOf({ 'data/offices.csv': OFFICES, 'blokced.txt': BLOCKED }), SETTINGS)
  t.match(gone.problems, [{ code: 'missing-file', file: 'flows/menu.yaml', help: 'did you mean `blokced.txt`?' }])
  t.equal(gone.problems.length, 1)
  t.strictSame(check(setOf({ 'blocked.txt': BLOCKED }), SETTINGS).problems.map(problem => problem.code), ['missing-file'], 'the values of a table that is not there are no mistake of their own')
})

void t.test('a version holds its lists and tables', async t => {
  const versionIn = (files: Record<string, string>, flow = FLOW): string => check(setOf({ 'blocked.txt': BLOCKED, 'data/offices.csv': OFFICES, ...files }, { menu: flow }), SETTINGS).served.get('menu')?.flow.version ?? 'refused'
  const version = versionIn({})
  t.match(version, /^[0-9a-f]{20}$/)
  t.equal(versionIn({ 'unnamed.txt': 'x' }), version, 'another file is none of it')
  t.not(versionIn({ 'blocked.txt': `${BLOCKED}+46701740602\n` }), version)
  t.not(versionIn({ 'data/offices.csv': OFFICES.replace('602', '603') }), version)
  const served = check(setOf({ 'blocked.txt': BLOCKED, 'data/offices.csv': OFFICES }), SETTINGS).served.get('menu')
  const again = rebuild(JSON.parse(JSON.stringify(served?.source)) as NonNullable<typeof served>['source'], SETTINGS)
  t.strictSame(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(served?.flow)), 'made again from what is stored')
  const flow = structuredClone(again)
  t.ok(flow !== undefined)
  if (flow === undefined) return
  const met = (first: Partial<First>): string[] => walk(flow, [], first).map(step => replyText(step.reply))
  t.strictSame(met({ called: '+46846500401' }), ['connect +46701740602 30s'])
  t.strictSame(met({ called: '+46846500401', caller: '+46701740601' }), ['play sound/beep > end'])
  t.strictSame(flow.values, ['desk'], 'a column that nobody reads is no value')
})

void t.test('a large list and a large table are read whole', async t => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `+4684${String(index).padStart(6, '0')},+46701740602`)
  const checked = check(setOf({ 'blocked.txt': rows.map(row => row.slice(0, row.indexOf(','))).join('\n'), 'data/offices.csv': ['line,desk', ...rows].join('\n') }), SETTINGS)
  t.strictSame(checked.problems, [])
  t.equal(Object.keys(checked.served.get('menu')?.flow.tables['offices']?.rows ?? {}).length, 20_000)
})

void t.test('lint reads the files and shows their lines', async t => {
  const root = mkdtempSync(join(tmpdir(), 'tonval-lists-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  cpSync('flows', join(root, 'flows'), { recursive: true, filter: path => path === 'flows' || /^flows.(branches|storm)/.test(path) })
  const lint = async (...args: string[]): Promise<{ status: number; said: string }> => {
    let said = ''
    const write = (text: string): void => { said += text }
    const status = await runCommand(['lint', ...args], { stdout: { write }, stderr: { write }, stdin: (async function * () { yield '' })(), env: {}, cwd: root })
    return { status, said }
  }
  const whole = await lint('flows')
  t.equal(whole.status, 0, whole.said)
  const csv = join(root, 'flows/branches/offices.csv')
  writeFileSync(csv, 'line;town;desk;mobile\r\n+46313900701;Stockholm;+46313900801\r\n')
  for (const path of ['flows', 'flows/branches.yaml']) {
    const { status, said } = await lint(path)
    t.equal(status, 1)
    t.match(said, 'flows/branches/offices.csv:2:1')
    t.match(said, '+46313900701;Stockholm;+46313900801')
    t.match(said, 'this row has 3 cells, and the first line has 4')
  }
  t.equal((await lint('flows/storm.yaml')).status, 0, 'a flow that does not name it')
  const cache = new Map()
  const before = await readFolder(join(root, 'flows'), cache)
  writeFileSync(csv, 'line;town;desk;mobile\r\n')
  const after = await readFolder(join(root, 'flows'), cache)
  t.not(after.files?.get('branches/offices.csv')?.text, before.files?.get('branches/offices.csv')?.text, 'what is remembered is what stands there')
})
