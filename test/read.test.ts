import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { check } from '../src/check.ts'
import type { Problem } from '../src/problem/problem.ts'
import { Lines } from '../src/problem/lines.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { checkText, flowIn, walk, replyText } from './flow-in-text.ts'

const FOLDER = 'test/cases/problems'
/** CPU milliseconds that the worst of files may take: many times what it does on a slow machine, and nothing beside what a reader that is quadratic would. */
const PATIENCE = 30_000
const seen = new Set<string>()

/** `line:column-column code`, as the .out files have it. */
function placed(text: string, problem: Problem): string {
  const lines = new Lines(text)
  const start = lines.at(problem.span.start)
  const end = lines.at(problem.span.end)
  return `${start.line}:${start.column}-${end.line === start.line ? '' : `${end.line}:`}${end.column} ${problem.code}`
}

/** What check() says of a text: sounds called `missing…` do not exist, those called `broken…` hold something else. */
function problemsOf(text: string, wanted: readonly string[] = []): readonly Problem[] {
  const all = checkText(text, { missing: text.match(/missing[\w-]*\.mp3/g) ?? [], broken: text.match(/broken[\w-]*\.mp3/g) ?? [] }).problems
  // what rules advise beside is held by the rules' own tests
  const problems = all.filter(problem => problem.severity === 'error' || wanted.some(line => line.endsWith(` ${problem.code}`)))
  for (const problem of problems) seen.add(problem.code)
  return problems
}

/** Each case is a flow and beside it its problems; below a problem may stand its message, and its help: wording is checked once for each code. */
void t.test('each bad flow has its problems, at their places', async t => {
  for (const file of readdirSync(FOLDER).filter(name => name.endsWith('.yaml')).sort()) {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8')
    const out = `${FOLDER}/${file.replace('.yaml', '.out')}`
    const wanted = existsSync(out) ? readFileSync(out, 'utf8').trimEnd().split('\n') : []
    const problems = problemsOf(text, wanted)
    const lines: string[] = []
    for (const problem of problems) {
      lines.push(placed(text, problem))
      const at = wanted.indexOf(placed(text, problem))
      if (at >= 0 && wanted[at + 1]?.startsWith('  ') === true) lines.push(`  ${problem.message}`)
      if (at >= 0 && wanted[at + 1]?.startsWith('  ') === true && wanted[at + 2]?.startsWith('  ') === true) lines.push(`  ${problem.help ?? ''}`)
    }
    t.same(lines, wanted, file)
    t.ok(problems.every(problem => problem.span.end > problem.span.start || problem.code === 'empty-file' || problem.code === 'missing-field' || problem.code === 'missing-start'), `${file}: something to point at`)
  }
})

void t.test('other sets of files', async t => {
  const settings = { env: {}, hosts: [], silence: SILENCE_FILE }
  const text = 'start: s\nnumbers: ["+46846500400"]\nstates:\n  s: { play: sound/beep, next: end }\n'
  const flow = (name: string) => ({ name, path: `${name}.yaml`, text })
  const codes = (problems: readonly Problem[]) => problems.map(problem => (seen.add(problem.code), `${problem.file} ${placed(text, problem)}`))

  const twice = check({ flows: [flow('b'), flow('a')], sounds: new Map() }, settings)
  t.same(codes(twice.problems), ['b.yaml 2:11-25 number-used-twice'])
  t.same([[...twice.served.keys()], twice.refused], [['a'], ['b']], 'the first by name keeps the line')
  t.same(codes(check({ flows: [{ ...flow('a'), unreadable: 'EACCES' }], sounds: new Map() }, settings).problems), ['a.yaml 1:1-1 unreadable-file'])
  t.same(codes(check({ flows: [{ ...flow('a'), text: text.replace('play: sound/beep', 'play: { say: "nuqneH", language: tlh }') }], sounds: new Map() }, { ...settings, speaks: ['en', 'sv'] }).problems.filter(problem => problem.severity === 'error')), ['a.yaml 4:21-29 cannot-speak'])
  t.same(codes(check({ flows: [flow('My flow')], sounds: new Map() }, settings).problems), ['My flow.yaml 1:1-1 bad-name'])
  const beside = (csv: string) => check({ flows: [{ ...flow('a'), text: 'start: s\ntables: { t: { file: t.csv } }\nstates:\n  s: { lookup: t, key: "{{called}}", next: end }\n' }], sounds: new Map(), files: new Map([['t.csv', { path: 't.csv', text: csv }]]) }, settings)
  t.same(beside('line,desk\n1,2,3\n').problems.map(problem => (seen.add(problem.code), `${problem.file} ${problem.code}`)), ['t.csv bad-table'])
  const mixed = check({ flows: [flow('good'), { ...flow('bad'), text: 'start' }], sounds: new Map() }, settings)
  t.same([[...mixed.served.keys()], mixed.refused], [['good'], ['bad']])
})

/** Scalars that YAML would guess at, where they stand, and what a call meets. */
const SCALARS: readonly (readonly [name: string, flow: string, answers: readonly string[], reports?: readonly string[]])[] = [
  ['a number keeps its plus', 's: { connect: +46701740601, callerid: +46846500400, timeout: 020, next: end }', ['connect +46701740601 20s as +46846500400 > end']],
  ['a list of them too', 's: { connect: [+46701740601, +46701740602], next: end }', ['connect +46701740601,+46701740602 30s > end']],
  ['a key is a word', 's: { ivr: true, on: { 1: t, 02: end, noinput: end }, next: end }\n  t: { play: sound/beep, next: end }', ['ivr silence 2/10/3', 'play sound/beep > end'], ['1#']],
  ['zeros stay', 's: { set: { pin: 0112, hex: 0x10, many: 1_000, point: .5, none: ~, nil: null, day: 2026-03-02, yea: yes, no: no, tru: true }, next: t }\n  t: { play: "https://example.com/{{pin}}/{{hex}}/{{many}}/{{point}}/{{none}}/{{nil}}/{{day}}/{{yea}}/{{no}}/{{tru}}", next: end }',
    ['play https://example.com/0112/0x10/1_000/.5/~/null/2026-03-02/yes/no/true > end']],
  ['a test compares text', 's: { route: [{ when: { value: "{{p}}", is: 0112 }, goto: t }, { goto: end }] }\n  t: { play: sound/beep, next: u }\n  u: { set: { q: 1 }, next: end }', ['play sound/beep']],
  ['in, too', 's: { route: [{ when: { value: "{{p}}", in: [112, 0112] }, goto: t }, { goto: end }] }\n  t: { play: sound/beep, next: end }', ['play sound/beep > end']],
  ['equals, too', 's: { ivr: true, digits: 4, equals: 0112, on: { noinput: end, nomatch: end, failed: end }, next: t }\n  t: { play: sound/beep, next: end }', ['ivr silence 4/10/3', 'play sound/beep > end'], ['0112']],
  ['truth is true and false', 's: { play: sound/beep, skippable: false, next: end }', ['play sound/beep whole > end']],
  ['quoted truth is truth where nothing else is possible', 's: { play: sound/beep, skippable: "true", next: end }', ['play sound/beep skippable > end']],
  ['404 is a number or a text', 's: { hangup: "404" }', ['hangup 404']],
  ['digits in quotes are a number', 's: { ivr: true, digits: "5", timeout: "+7", next: end }', ['ivr silence 5/7/3']],
  ['a block of text', 's:\n    play: >-\n      sound/beep\n    next: end', ['play sound/beep > end']],
  ['names of nothing special', 's: { play: sound/beep, next: valueof }\n  valueof: { set: { isprototypeof: hasownproperty }, next: end }', ['play sound/beep']],
]

void t.test('a field\'s type decides how a scalar is read', async t => {
  for (const [name, states, answers, reports] of SCALARS) {
    const flow = flowIn(`start: s\nlanguage: no\nvars: { p: 0112 }\nstates:\n  ${states}\n`)
    t.same(walk(flow, reports ?? []).map(step => replyText(step.reply)), answers, name)
    t.equal(flow.language, 'no')
  }
})

const OK = 'start: s\nstates:\n  s: { play: a.mp3, next: end }\n'
const many = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n')

/** Texts that stop a careless reader: the first codes that they get, none where the flow is fine. */
const HARD: readonly (readonly [name: string, text: string, code?: string, count?: number])[] = [
  ['line ends of Windows', OK.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${OK}`],
  ['no line end', OK.trimEnd(), 'no-final-newline', 1],
  ['a comment after all', `${OK}# the end\n`],
  ['an end mark', `---\n${OK}...\n`],
  ['a directive of YAML', `%YAML 1.1\n---\n${OK}`],
  ['NUL', `${OK}\0`, 'bad-encoding', 1],
  ['an escape code', OK.replace('a.mp3', '\u001b[1m'), 'bad-encoding', 1],
  ['a character that is not UTF-8', OK.replace('a.mp3', '\uFFFD'), 'bad-encoding', 1],
  ['a lone surrogate', OK.replace('a.mp3', '\uD800'), 'unknown-prompt', 1],
  ['a conflict with the line ends of Windows', `<<<<<<< HEAD\r\n${OK}=======\r\n>>>>>>> x\r\n`, 'merge-conflict', 1],
  ['nothing', '', 'empty-file', 1],
  ['blanks', ' \n\n', 'empty-file', 1],
  ['four megabytes and more', `${OK}# ${'x'.repeat(4 * 1024 * 1024)}`, 'too-large', 1],
  ['one long line', OK.replace('a.mp3', 'a'.repeat(1_000_000)), 'unknown-prompt', 1],
  ['brackets', `a: ${'['.repeat(100_000)}`, 'too-large', 1],
  ['braces', `a: ${'{a: '.repeat(50_000)}`, 'too-large', 1],
  ['dashes', `a:\n  ${'- '.repeat(50_000)}`, 'too-large', 1],
  ['question marks', '? '.repeat(20_000), 'too-large', 1],
  ['steps', many(1500, index => `${' '.repeat(index)}a:`), 'too-large', 1],
  ['an alias of itself', `a: &a [*a, *a, *a]\n${OK}`, 'alias-bomb', 1],
  ['nine thousand aliases', `${OK.replace('{', '&s {')}${many(9000, index => `  s${index}: *s`)}\n`, 'alias-bomb', 1],
  ['ten thousand states', `start: s0\nstates:\n${many(10_000, index => `  s${index}: { play: a.mp3, next: ${index === 9_999 ? 'end' : `s${index + 1}`} }`)}\n`],
  ['one state more', `start: s0\nstates:\n${many(10_001, index => `  s${index}: { play: a.mp3, next: s${(index + 1) % 10_001} }`)}\n`, 'too-large', 1],
  ['ten thousand wrong targets', `start: s0\nstates:\n${many(10_000, index => `  s${index}: { play: a.mp3, next: t${index} }`)}\n`, 'unknown-target', 21],
  ['ten thousand unknown keys', `${OK}${many(10_000, index => `k${index}: 1`)}\n`, 'unknown-field', 10_000],
  ['ten thousand times one key', `${OK}${many(10_000, () => 'title: a')}\n`, 'duplicate-key', 9_999],
  ['ten thousand keys in one state', `${OK.replace('next: end', `next: end, ${many(10_000, index => `k${index}: 1`).replaceAll('\n', ', ')}`)}`, 'unknown-field', 10_000],
  ['ten thousand lines that are no YAML', many(10_000, index => `k${index}: "a" b`), 'yaml-syntax', 10_000],
  ['ten thousand undefined values', `${OK.replace('end', 't')}  t: { set: { ${many(10_000, index => `v${index}: "{{w${index}}}"`).replaceAll('\n', ', ')} }, next: end }\n`, 'too-large', 22],
]

void t.test('no text throws or takes long', async t => {
  for (const [name, text, code, count] of HARD) {
    const begun = process.cpuUsage()
    const problems = problemsOf(text, code === undefined ? [] : [` ${code}`])
    const { user } = process.cpuUsage(begun)
    t.equal(problems[0]?.code, code, name)
    t.equal(problems.length, count ?? 0, name)
    t.ok(user / 1000 < PATIENCE, `${name}: ${Math.round(user / 1000)} ms`)
  }
})

void t.test('any beginning and any damage of a flow is read without throwing', async () => {
  const text = readFileSync('flows/helpline.yaml', 'utf8')
  for (let cut = 0; cut < text.length; cut += 37) {
    problemsOf(text.slice(0, cut))
    problemsOf(text.slice(0, cut) + ['"', '{', '*', '\t', ': ', '&a', '- ', '!x ', '|', '%'][cut % 10] + text.slice(cut))
  }
})

void t.test('every code of reading and linking has a case', async t => {
  const sources = ['parse', 'validate', 'compile', 'compile/verbs'].flatMap(folder => readdirSync(`src/${folder}`).filter(name => name.endsWith('.ts')).map(name => readFileSync(`src/${folder}/${name}`, 'utf8')))
  const codes = new Set(sources.flatMap(source => [...source.matchAll(/\b(?:code|name): '([a-z]+(?:-[a-z]+)+)'|const code = .*'([a-z-]+)' : '([a-z-]+)'/g)].flatMap(match => match.slice(1).filter(code => code !== undefined))))
  t.same([...codes].filter(code => !seen.has(code)), [])
})

void t.test('a set of files fits what stays in force', async t => {
  const settings = { env: {}, hosts: [], silence: SILENCE_FILE }
  const text = (numbers: string, next = 'end') => `start: s\n${numbers === '' ? '' : `numbers: [${numbers.split(' ').map(number => `"+4684650040${number}"`).join(', ')}]\n`}states:\n  s: { play: sound/beep, next: ${next} }\n`
  const flow = (name: string, written: string) => ({ name, path: `${name}.yaml`, text: written })
  const answers = (name: string, numbers: string) => ({ ...flow(name, text(numbers)), version: '', numbers: numbers.split(' ').filter(number => number !== '').map(number => `+4684650040${number}`) })
  // name: lines that its file lists now (`!`: a file with an error); what is live; what comes of it
  const rows: [name: string, files: Record<string, string>, live: Record<string, string>, served: string, refused: string, problems: string[]][] = [
    ['a line is taken from a flow that stays', { a: '1 2', b: '2' }, { a: '1', b: '2' }, 'b', 'a', ['a.yaml number-used-twice b.yaml']],
    ['the same, the other way round', { a: '1', b: '1 2' }, { a: '1', b: '2' }, 'a', 'b', ['b.yaml number-used-twice a.yaml']],
    ['a line moves', { a: '', b: '1 2' }, { a: '1', b: '2' }, 'a,b', '', []],
    ['a line moves away from a flow that is refused', { a: '!', b: '1 2' }, { a: '1', b: '2' }, '', 'a,b', ['a.yaml unknown-target', 'b.yaml number-used-twice a.yaml']],
    ['three lines go round, and one of the files is broken', { a: '!', b: '1', c: '2' }, { a: '1', b: '2', c: '3' }, '', 'a,b,c', ['a.yaml unknown-target', 'b.yaml number-used-twice a.yaml', 'c.yaml number-used-twice b.yaml']],
    ['a flow is deleted', { a: '1' }, { a: '1', b: '2' }, 'a', 'b', ['b.yaml line-unanswered']],
    ['a flow without a line is deleted', { a: '1' }, { a: '1', b: '' }, 'a', '', []],
    ['a flow is deleted, and another lists its line', { c: '2' }, { b: '2' }, 'c', '', []],
    ['a flow is deleted, and the one that lists its line is broken', { c: '!' }, { b: '2' }, '', 'c,b', ['b.yaml line-unanswered', 'c.yaml unknown-target']],
    ['half of the lines are taken over', { c: '2' }, { b: '2 3' }, '', 'c,b', ['b.yaml line-unanswered', 'c.yaml number-used-twice b.yaml']],
    ['a broken flow stops no other', { a: '!', b: '3' }, { a: '1', b: '2' }, 'b', 'a', ['a.yaml unknown-target']],
  ]
  for (const [name, files, live, served, refused, problems] of rows) {
    const set = { flows: Object.entries(files).map(([flowName, numbers]) => flow(flowName, numbers === '!' ? text('', 'nowhere') : text(numbers))), sounds: new Map(), live: Object.entries(live).map(([flowName, numbers]) => answers(flowName, numbers)) }
    const checked = check(set, settings)
    t.equal([...checked.served.keys()].join(), served, name)
    t.equal(checked.refused.join(), refused, name)
    t.same(checked.problems.filter(problem => problem.severity === 'error').map(problem => [problem.file, problem.code, ...(problem.related ?? []).map(other => other.file)].join(' ')), problems, name)
    for (const problem of checked.problems) seen.add(problem.code)
  }
})

void t.test('with a memo only what changed is looked at, and the result is the same', async t => {
  const settings = { env: {}, hosts: [], silence: SILENCE_FILE }
  const kept = new Map<string, unknown>()
  let made: string[] = []
  const memo = <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) { kept.set(key, make()); made.push(key.split(' ')[0] as string) }
    return kept.get(key) as T
  }
  const sound = { hash: 'h', format: 'mp3' as const }
  const flow = (name: string, next: string, line = '') => ({ name, path: `${name}.yaml`, text: `start: s\n${line}states:\n  s: { play: a.mp3, next: ${next} }\n` })
  const runs = (name: string, other: string) => ({ name, path: `${name}.yaml`, text: `start: s\nexits: [done]\nstates:\n  s: { flow: ${other}, on: { done: e } }\n  e: { exit: done }\n` })
  const back = (more: string) => ({ name: 'c', path: 'c.yaml', text: `start: e\nexits: [done]\nstates:\n  e: { exit: done${more} }\n` })
  const calls = (next: string) => ({ name: 'a', path: 'a.calls.yaml', text: `calls:\n  - { name: x, steps: [{ play: a.mp3 }, ${next}] }\n` })
  const sets: [name: string, set: Parameters<typeof check>[0], looked: string][] = [
    ['all', { flows: [flow('a', 'end'), flow('b', 'end')], calls: [calls('end')], sounds: new Map([['a.mp3', sound]]) }, 'calls link link lint lint read read'],
    ['nothing', { flows: [flow('a', 'end'), flow('b', 'end')], calls: [calls('end')], sounds: new Map([['a.mp3', sound]]) }, ''],
    ['one flow', { flows: [flow('a', 'end'), flow('b', 'ende')], calls: [calls('end')], sounds: new Map([['a.mp3', sound]]) }, 'link lint read'],
    ['a line concerns all', { flows: [flow('a', 'end'), flow('b', 'end', 'numbers: ["+46846500400"]\n')], calls: [calls('end')], sounds: new Map([['a.mp3', sound]]) }, 'calls link lint lint read'],
    ['calls', { flows: [flow('a', 'end'), flow('b', 'end')], calls: [calls('hang-up')], sounds: new Map([['a.mp3', sound]]) }, 'calls'],
    ['a sound', { flows: [flow('a', 'end'), flow('b', 'end')], calls: [calls('end')], sounds: new Map([['a.mp3', { ...sound, hash: 'i' }]]) }, 'calls link link lint lint'],
    ['no sound', { flows: [flow('a', 'end')], calls: [calls('end')], sounds: new Map() }, 'calls link lint'],
    ['flows that others run', { flows: [runs('a', 'b'), runs('b', 'c'), back(''), runs('d', 'e')], sounds: new Map() }, 'link link link link lint lint lint lint read read read read'],
    ['one of them', { flows: [runs('a', 'b'), runs('b', 'c'), back(', note: x'), runs('d', 'e')], sounds: new Map() }, 'link link link lint lint lint read'],
    ['one that nobody runs any more', { flows: [runs('a', 'b'), runs('b', 'd'), back(', note: x'), runs('d', 'e')], sounds: new Map() }, 'link link lint lint lint lint read'],
    ['one that was missing', { flows: [runs('a', 'b'), runs('b', 'd'), back(', note: x'), runs('d', 'e'), { ...back(''), name: 'e', path: 'e.yaml' }], sounds: new Map() }, 'link link link link lint lint lint lint read'],
  ]
  for (const [name, set, looked] of sets) {
    made = []
    t.same(check(set, settings, { memo }), check(set, settings), name)
    t.equal(made.sort().join(' '), looked, name)
  }
})
