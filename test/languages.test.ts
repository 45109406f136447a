/** Prompts in several languages: what is prepared before a call, what a call remembers, and what people are shown. */
import t from 'tap'
import { createSealer } from '../src/carrier/seal.ts'
import { openCall, sealCall } from '../src/carrier/token.ts'
import { labelsOf } from '../src/emulator/script/labels.ts'
import { check } from '../src/check.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { packFlow, unpackFlow } from '../src/reload/pack.ts'
import type { Step } from '../src/run/step.ts'
import { checkText, FIRST, flowIn, replyText, walk } from './flow-in-text.ts'

const TEXT = `
start: choose
languages: [sv, en]
prompts:
  menu: { sv: { file: sv/menu.mp3, text: "Tryck 1." }, en: { file: en/menu.mp3, text: "Press 1." } }
  bye: { sv: { file: sv/bye.mp3 }, en: { file: en/bye.mp3 } }
states:
  choose: { ivr: choose.mp3, on: { 1: menu, 2: english, noinput: menu, nomatch: menu, failed: menu } }
  english: { set: { language: en }, next: menu }
  menu: { ivr: menu, on: { 1: bye, 2: choose, noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: { pick: "{{caller}}", from: { "${FIRST.caller}": menu, __proto__: bye }, else: bye }, next: end }
`
const flow = flowIn(TEXT)
const sealer = createSealer(['the secret of these tests'])

function lastOf(reports: readonly string[], of = flow): Step {
  return walk(of, reports, FIRST).at(-1) as Step
}

void t.test('what is heard is prepared when the flow is compiled', async t => {
  for (const [reports, answer] of [[['1'], 'ivr sv/menu.mp3 1/10/3'], [['2'], 'ivr en/menu.mp3 1/10/3'], [['2', '1'], 'play en/menu.mp3 > end']] as const) {
    const [one, other] = [lastOf(reports), lastOf(reports)]
    t.equal(replyText(one.reply), answer)
    t.equal(one.reply.actions[0], other.reply.actions[0], 'the same object for every call: its JSON is written once')
  }
})

void t.test('a call carries its language in its token, by its place, and only where it has left the first', async t => {
  for (const [reports, language, field] of [[['1'], 0, ''], [['2'], 1, '.1'], [['2', '2', '1'], 1, '.1']] as const) {
    const { call } = lastOf(reports)
    t.equal(call.language, language)
    const token = sealCall(sealer, 'call', call, FIRST.start * 1000)
    t.equal(sealer.open('call', token)?.split('\u001f')[8], field)
    t.strictSame(openCall(sealer, 'call', token, FIRST.start * 1000), call)
  }
  const counted = { ...lastOf(['2']).call, place: 3 }
  t.match(openCall(sealer, 'call', sealCall(sealer, 'call', counted, FIRST.start * 1000), FIRST.start * 1000), { place: 3, language: 1 })
})

void t.test('where nothing depends on the language, none is remembered', async t => {
  const deaf = flowIn(TEXT.replace(/^ {2}menu: \{ sv.*$/m, '  menu: { file: a.mp3 }').replace(/^ {2}bye: \{ sv.*$/m, '  bye: { file: b.mp3 }'))
  t.strictSame(deaf.languages, ['sv'])
  t.equal(lastOf(['2'], deaf).call.language, 0)
  const asking = flowIn(TEXT.replace(/^ {2}menu: \{ sv.*$/m, '  menu: { file: a.mp3 }').replace(/^ {2}bye: \{ sv.*$/m, '  bye: { file: b.mp3 }').replace('{{caller}}', '{{language}}'))
  t.equal(lastOf(['2'], asking).call.language, 1, 'a value reads it')
})

void t.test('one wording for all, or the same for each, costs nothing', async t => {
  const { states } = flowIn('start: s\nlanguages: [sv]\nprompts: { hi: { sv: { file: a.mp3 } } }\nstates: { s: { play: hi, next: end } }')
  t.match(states[0], { action: { sound: { kind: 'file', hash: 'a.mp3' } } })
  t.notOk(JSON.stringify(states).includes('"each"'))
})

void t.test('a worker hands it over whole', async t => {
  const unpacked = await unpackFlow(packFlow(flow))
  t.strictSame(unpacked, structuredClone(flow))
  t.equal(replyText(lastOf(['2', '1'], unpacked).reply), 'play en/menu.mp3 > end')
})

void t.test('the versions hold the sounds of every language', async t => {
  const { served } = checkText(TEXT)
  t.strictSame(served.get('test')?.source.sounds.map(([path]) => path), ['choose.mp3', 'en/bye.mp3', 'en/menu.mp3', 'sv/bye.mp3', 'sv/menu.mp3'])
})

void t.test('a telephone shows the words in the language that is heard', async t => {
  const one = checkText(TEXT).served.get('test')
  if (one === undefined) throw new Error('refused')
  const labels = labelsOf(one)
  t.strictSame(labels.get('/audio/sv/menu.mp3/menu.mp3'), { name: 'menu', text: 'Tryck 1.' })
  t.strictSame(labels.get('/audio/en/menu.mp3/menu.mp3'), { name: 'menu', text: 'Press 1.' })
})

void t.test('no more languages than prompts can be prepared for', async t => {
  const codes = (count: number): string => Array.from({ length: count }, (_, index) => `x${String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))}`).join(', ')
  const one = (count: number) => checkText(`start: s\nlanguages: [${codes(count)}]\nstates: { s: { play: a.mp3, next: end } }\n`).problems.filter(problem => problem.severity === 'error').map(problem => problem.code)
  t.strictSame([one(40), one(41)], [[], ['out-of-range']])
})

void t.test('what is too long, or empty, in one language', async t => {
  const seconds: Readonly<Record<string, number>> = { 'choose.mp3': 3, 'sv/menu.mp3': 4, 'en/menu.mp3': 31, 'sv/bye.mp3': 0, 'en/bye.mp3': 25 }
  const sounds = new Map(Object.entries(seconds).map(([path, seconds]) => [path, { hash: path, format: 'mp3' as const, seconds }]))
  const { problems } = check({ flows: [{ name: 'test', path: 'test.yaml', text: TEXT.replace('menu: { ivr: menu,', 'menu: { play: menu, skippable: false, next: choose }\n  other: { ivr: menu,') }], sounds }, { env: {}, hosts: [], silence: SILENCE_FILE })
  const lineOf = (start: number): number => TEXT.slice(0, start).split('\n').length
  t.strictSame(problems.filter(problem => ['prompt-too-long', 'empty-prompt', 'long-start'].includes(problem.code)).map(problem => [problem.code, problem.message, lineOf(problem.span.start)]), [
    ['prompt-too-long', 'this prompt is 31 s long', 5], ['empty-prompt', '`bye.mp3` holds no sound: it is 0 s long', 6], ['prompt-too-long', 'this prompt is 25 s long', 6],
  ])
})
