/** Parts that rules rest on: the keys that a prompt's words name, the lengths that an expression matches, comments, and what one rule finds beyond its example. */
import fc from 'fast-check'
import t from 'tap'
import { check } from '../src/check.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { matchesWhole } from '../src/compile/regex.ts'
import { announcedKeys } from '../src/lint/announced.ts'
import { matchLengths } from '../src/lint/match-lengths.ts'
import { commentsIn } from '../src/parse/comments.ts'
import { checkText } from './flow-in-text.ts'

const PROMPTS: readonly (readonly [language: string, text: string, keys: string])[] = [
  ['en', 'For sales, press 1. For support, press two, or press 0 to wait.', '1 2 0'],
  ['en', 'Press 1 or 2.', '1 2'],
  ['en', 'Press 1, 2 or 3 now.', '1 2 3'],
  ['en', 'To hear it again, press the star key. Otherwise press the number 9, or press pound.', '* 9 #'],
  ['en', 'Please enter the five digits of your customer number.', ''],
  ['en', 'Press any key. Do not press 1 seconds too late.', ''],
  ['en', 'Pressing 1 is for experts; we press on.', ''],
  ['sv', 'För försäljning, tryck 1. För support, tryck på tvåan. För växeln, välj noll.', '1 2 0'],
  ['sv', 'Tryck en gång på 3. Tryck fyrkant för att sluta.', '#'],
  ['sv', 'Tryck ett eller sju.', '1 7'],
  ['no', 'For salg, tast 1. For kundeservice, trykk på to. Velg null for sentralbordet.', '1 2 0'],
  ['nb', 'For salg, tast seks.', '6'],
  ['da', 'For salg, tast 1. For service, tryk syv.', '1 7'],
  ['fi', 'Myyntiin, paina yksi. Asiakaspalveluun, valitse numero 2. Paina nollaa.', '1 2 0'],
  ['de', 'Für den Verkauf drücken Sie die 1. Für den Kundendienst wählen Sie bitte die zwei.', '1 2'],
  ['de-AT', 'Drücken Sie neun.', '9'],
  ['fr', 'Press 1', '1'],
]

void t.test('the keys that words name', async t => {
  for (const [language, text, keys] of PROMPTS) t.equal(announcedKeys(text, language).map(one => one.key).join(' '), keys, text)
  t.same(announcedKeys('Press 1 for sales. For support, press 2.', 'en').map(one => one.first), [true, false])
  t.same(announcedKeys('Press 1.', 'en').map(one => one.first), [false], 'nothing comes after it')
})

void t.test('the lengths of an expression are those of what it matches', async t => {
  const rows: readonly (readonly [string, number, number])[] = [
    ['[1-9][0-9]{4}', 5, 5], ['\\d{3,}', 3, Infinity], ['(12|345)?6*', 0, Infinity], ['a\\d', Infinity, -Infinity], ['^[0-9]{5}$', 5, 5], ['(?:1|22|)', 0, 2], ['.{2,3}', 2, 3],
  ]
  for (const [pattern, least, most] of rows) t.same(matchLengths(pattern), { least, most }, pattern)
  for (const pattern of ['(?i)1', '\\pN', '1)', '(1', '[1']) t.equal(matchLengths(pattern), undefined, pattern)
  const atom = fc.constantFrom('1', '\\d', '[0-5]', '.', '(1|23)', '(?:4|)', 'a', '[a-f]', '[^1]', '\\D')
  const pattern = fc.array(fc.tuple(atom, fc.constantFrom('', '?', '{2}', '{1,3}', '*', '+', '|')), { maxLength: 4 }).map(parts => parts.map(([one, times]) => one + times).join(''))
  fc.assert(fc.property(pattern, fc.stringMatching(/^[0-9]{0,8}$/), (regex, digits) => {
    const lengths = matchLengths(regex)
    if (lengths === undefined || !matchesWhole(regex, digits)) return
    if (digits.length < lengths.least || digits.length > lengths.most) throw new Error(`${regex} matches ${digits}, and should want ${lengths.least} to ${lengths.most}`)
  }), { numRuns: 5000, seed: 1 })
})

void t.test('comments, and what looks like one', async t => {
  const text = '# one\na: "# no" # two\nb: |  # three\n  # no\nc: x#no\nd: [1, # four\n 2]\ne: \'#no\' #five\n'
  t.same(commentsIn(text).map(one => one.text), ['# one', '# two', '# three', '# four', '#five'])
  for (const { text: said, span } of commentsIn(text)) t.equal(text.slice(span.start, span.end), said)
})

const TAIL = '  desk: { connect: "+46846500411", on: { failed: bye } }\n  bye: { play: bye.mp3, next: end }\n'
const menu = (options: string): string => `start: menu\nstates:\n  menu: { ivr: menu.mp3, ${options} }\n${TAIL}`
const route = (lines: string): string => `start: menu\nvars: { office: malmö }\nstates:\n  menu: { route: [${lines}, { goto: desk }] }\n${TAIL}`
const EDGES = 'noinput: desk, nomatch: desk, failed: desk'

/** Flows with the codes that they have, beyond the examples of the rules. */
const ROWS: readonly (readonly [text: string, codes: readonly string[]])[] = [
  [menu(`valid: "[2-9]", on: { 1: desk, 2: bye, ${EDGES} }`), ['pattern-cannot-match']],
  [menu(`min: 2, digits: 2, on: { 1: desk, 22: bye, ${EDGES} }`), ['ambiguous-keys', 'pattern-cannot-match']],
  [menu(`equals: "12345", digits: 4, next: desk, on: { ${EDGES} }`), ['pattern-cannot-match']],
  [menu(`equals: "1234", digits: 4, next: desk, on: { ${EDGES} }`), []],
  [menu(`on: { 1x: desk, ${[...'0123456789'].map(digit => `1${digit}: bye`).join(', ')}, ${EDGES} }`), ['shadowed-edge']],
  [menu(`on: { any: desk, ${[...'0123456789'].map(digit => `${digit}: bye`).join(', ')}, noinput: desk, failed: desk }`), ['all-edges-same', 'shadowed-edge', 'too-many-choices']],
  [route('{ when: { caller: ["+4670*", "+46846500412"] }, goto: bye }, { when: { caller: "+46846500412" }, goto: desk }'), ['unused-value', 'shadowed-edge']],
  [route('{ when: { caller: "+46846500412" }, goto: bye }, { when: { all: [{ caller: "+46846500412" }, { direction: incoming }] }, goto: desk }'), ['unused-value', 'shadowed-edge']],
  [route('{ when: { value: "{{office}}", is: malmö }, goto: bye }'), ['constant-test']],
  [route('{ when: { not: { value: "{{office}}", matches: "m.*" } }, goto: bye }, { when: { caller: hidden }, goto: bye }'), ['constant-test']],
  [route('{ when: { visited: desk, times: 2 }, goto: bye }').replace('vars: { office: malmö }\n', ''), []],
  [`defaults: { ivr: { on: { noinput: end, nomatch: end } } }\n${menu('on: { 1: again }')}  again: { ivr: menu.mp3, on: { 1: desk } }\n`, ['abrupt-end']],
  [`numbers: ["+46846500411"]\n${menu(`on: { 1: desk, ${EDGES} }`)}`, ['connect-to-self']],
  [`start: who\nstates:\n  who: { route: [{ when: { caller: hidden }, goto: refuse }, { goto: bye }] }\n  refuse: { hangup: busy }\n  bye: { play: bye.mp3, next: end }\n`, []],
  ['start: s\nstates:\n  \u00a0 s: { play: a.mp3, next: end }\n', ['invisible-character']],
  ['start: s\nstates:\n  s:\n  \u00a0 play: a.mp3\n    next: end\n', ['invisible-character']],
  ['start: s\nstates:\n  s: { play: a.mp3, note: "10\u00a0000", next: end } # \u00a0\n', []],
  ['start: s\nstates:\n  s: { play: a.mp3, note: One, two, three, next: end }\n', ['brace-comma']],
  ['start: s\nstates:\n  s: { play: "https://a.example/{{time}}.mp3", next: end }\n', ['missing-timezone']],
  ['start: s\nstates:\n  s: { play: "http://localhost:8080/a.mp3", next: end }\n', []],
  ['start: s\nstates:\n  s: { play: "https://me:secret@a.example/a.mp3", next: end }\n', ['hard-coded-secret']],
]

void t.test('what the rules find beyond their examples', async t => {
  for (const [text, codes] of ROWS) t.same(checkText(text).problems.map(one => one.code).sort(), [...codes].sort(), text)
})

void t.test('what one state says wrong is told beside a mistake in another, and nothing where what all share cannot be read', async t => {
  const twice = '  who:\n    route:\n      - { when: { caller: "+46701740601" }, goto: bye }\n      - { when: { caller: "+46701740601" }, goto: desk }\n      - { goto: bye }\n'
  const told = (broken: string, head = ''): string[] => check({ flows: [{ name: 'a', path: 'a.yaml', text: `start: who\n${head}states:\n${twice}  between: { play: sound/beep, next: end }\n${broken}  bye: { play: sound/beep, next: end }\n` }], sounds: new Map() }, { env: {}, hosts: [], silence: SILENCE_FILE }).problems.map(one => one.code)
  t.same(told('  desk: { connect: "+46846500411", timout: 20, on: { failed: bye } }\n'), ['duplicate-edge', 'unknown-field'])
  const desk = '  desk: { connect: "+46846500411", on: { failed: bye } }\n'
  const menu = '  menu: { ivr: menu, on: { 1: bye, noinput: bye, nomatch: bye, failed: bye } }\n'
  const prompts = 'prompts: { menu: { text: "Press 1, or press 2." } }\n'
  t.same(told(desk + menu, `${prompts}title "x"\n`), ['yaml-syntax', 'duplicate-edge', 'prompt-names-missing-key'], 'nothing that stands in a state depends on its title')
  t.same(told(desk + menu, `${prompts}keys: { 0 desk }\n`), ['yaml-syntax', 'duplicate-edge'], 'the keys of the file may decide what a menu does, and not what a route does')
  t.same(told(desk + menu, `${prompts}language sv\n`), ['yaml-syntax'], 'a mistake in what all share may decide in any state')
})
