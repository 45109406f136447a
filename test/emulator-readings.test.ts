import t from 'tap'
import { dial, listen, summarize, type Dialled, type Reply } from './emulator/webhook.ts'
import { placeCall } from '../src/emulator/call.ts'
import { acrossReadings } from '../src/emulator/across-readings.ts'
import { follow, readMoves } from '../src/emulator/moves.ts'
import { cautious, READING_NAMES, READINGS, SETTLED, turn, turned, type ReadingName } from '../src/emulator/readings.ts'
import type { CallOptions } from '../src/emulator/options.ts'

interface Case {
  readonly reading: ReadingName
  readonly replies: Readonly<Record<string, Reply>>
  readonly keys: string
  /** What is compared; requests after the first and the length of the call by default. */
  readonly look?: (met: Dialled) => unknown
  readonly cautious: unknown
  readonly other: unknown
  readonly options?: Partial<CallOptions>
}

const END = { hangup: 'reject' }
const ivr = (more: object, url = '$/2.wav'): Readonly<Record<string, Reply>> => ({ '/': { ivr: url, next: '$/n', ...more }, '/n': END })
const BYE = { whenhangup: '$/bye' }
const RECORD = { '/': { record: '$/r', next: '$/n', ...BYE }, '/n': END }
/** A person who presses keys at some seconds of the call, whatever is met. */
const keysAt = (...presses: readonly (readonly [seconds: number, keys: string])[]): Partial<CallOptions> => ({
  person: {
    async meet(met, phone) {
      if (met.kind !== 'start') return
      for (const [seconds, keys] of presses) {
        await phone.wait(seconds - phone.elapsed())
        phone.press(keys)
      }
    },
    line: () => ({ result: 'failed' }),
  },
})
const outline = ({ asked, report }: Dialled): unknown => [asked, report.seconds]
const result = ({ asked }: Dialled): unknown => asked[0]
const broken = (_post: unknown, response: { writeHead: (status: number) => { end: () => void } }): undefined => void response.writeHead(500).end()

const CASES: readonly Case[] = [
  { reading: 'repeat', replies: ivr({ repeat: 2 }), keys: 'silence', cautious: [['/n failed noinput'], 24], other: [['/n failed noinput'], 36] },
  { reading: 'timeoutFrom', replies: ivr({ timeout: 5, repeat: 1 }), keys: 'silence', cautious: [['/n failed noinput'], 7], other: [['/n failed noinput'], 5] },
  { reading: 'timeoutFrom', replies: ivr({ timeout: 5, repeat: 1 }, '$/9.wav'), keys: 'silence', cautious: [['/n failed noinput'], 14], other: [['/n failed noinput'], 9] },
  { reading: 'timeoutPer', replies: ivr({ digits: 2, timeout: 5, repeat: 1 }), keys: '', options: keysAt([5, '1'], [9, '2']), cautious: [['/n 12'], 9], other: [['/n failed noinput'], 7] },
  { reading: 'partialInput', replies: ivr({ digits: 4, timeout: 5, repeat: 2 }), keys: '12', cautious: [['/n failed noinput'], 12], other: [['/n 12'], 5] },
  { reading: 'hash', replies: ivr({ digits: 4 }), keys: '12#', look: result, cautious: '/n 12', other: '/n 12#' },
  { reading: 'loneHash', replies: ivr({ digits: 4, repeat: 1 }), keys: '#', look: result, cautious: "/n ''", other: '/n failed noinput' },
  { reading: 'star', replies: ivr({ digits: 2 }), keys: '1*2', look: result, cautious: '/n 1*', other: '/n 12' },
  { reading: 'bargeIn', replies: ivr({ digits: 2 }), keys: '', options: keysAt([1, '12']), cautious: [['/n 12'], 1], other: [['/n 12'], 2] },
  {
    reading: 'typeAhead',
    replies: { ...ivr({ repeat: 1 }), '/': { play: '$/4.wav', skippable: false, next: { ivr: '$/2.wav', repeat: 1, next: '$/n' } } },
    ...{ keys: '', options: keysAt([1, '7']), cautious: [['/n failed noinput'], 16], other: [['/n 7'], 4] },
  },
  { reading: 'skipKey', replies: { '/': { play: '$/4.wav', next: '$/n' }, '/n': END }, keys: '', options: keysAt([1, '7']), cautious: [['/n ok'], 1], other: [['/n 7'], 1] },
  { reading: 'playedWord', replies: { '/': { play: '$/4.wav', next: '$/n' }, '/n': END }, keys: '', look: result, cautious: '/n ok', other: '/n success' },
  { reading: 'longKeys', replies: { ...ivr({ digits: 2, '12': '$/k' }), '/k': END }, keys: '12', look: ({ asked, codes }) => [asked, codes], cautious: [['/n 12'], ['key-ignored']], other: [['/k 12'], ['key-ignored']] },
  { reading: 'longKeys', replies: { ...ivr({ '*': '$/k' }), '/k': END }, keys: '*', look: result, cautious: '/n *', other: '/k *' },
  { reading: 'longKeys', replies: { ...ivr({ digits: 2, '1': '$/k' }), '/k': END }, keys: '1#', look: result, cautious: '/n 1', other: '/k 1' },
  { reading: 'unplayableWhy', replies: ivr({ repeat: 1 }, '$/none.mp3'), keys: 'silence', look: result, cautious: '/n failed noinput', other: '/n failed error' },
  { reading: 'unplayablePrompt', replies: ivr({}, '$/none.mp3'), keys: 'wait:2 5', look: ({ asked, codes }) => [asked, codes], cautious: [['/n 5'], ['sound-unplayable']], other: [['/n failed noinput'], ['sound-unplayable']] },
  { reading: 'outOfRange', replies: ivr({ digits: 30, repeat: 1 }), keys: '12', look: ({ asked, codes }) => [asked, codes], cautious: [['/n 1'], ['out-of-range']], other: [['/n failed noinput'], ['out-of-range']] },
  { reading: 'outOfRange', replies: { '/': { connect: '+46812345671', timeout: 5 } }, keys: 'failed', cautious: [[], 60], other: [[], 5] },
  { reading: 'timeoutText', replies: ivr({ timeout: '5', repeat: 1 }), keys: 'silence', cautious: [['/n failed noinput'], 7], other: [['/n failed noinput'], 12] },
  { reading: 'badStatusRetries', replies: { '/': broken }, keys: '', look: ({ posts }) => posts.length, cautious: 1, other: 6 },
  { reading: 'nextAfterHangup', replies: ivr({}), keys: 'hang-up', cautious: [[], 0], other: [['/n failed noinput'], 0] },
  { reading: 'nextAfterHangup', replies: { '/': { connect: '+46812345671', next: '$/n' }, '/n': { play: '$/9.wav' } }, keys: 'success wait:5 hang-up', cautious: [[], 5], other: [['/n success'], 5] },
  { reading: 'hangupInRecord', replies: RECORD, keys: 'speak:6 hang-up', cautious: [['/r 6s', '/bye 6s'], 6], other: [['/bye 6s'], 6] },
  { reading: 'noticeOrder', replies: RECORD, keys: 'speak:6', cautious: [['/r 6s', '/n success', '/bye 9s'], 9], other: [['/n success', '/r 6s', '/bye 9s'], 9] },
  { reading: 'noticeOrder', replies: { '/': { ivr: '$/2.wav', recordcall: '$/r', next: '$/n', ...BYE }, '/n': END }, keys: 'wait:5 1', cautious: [['/n 1', '/r 5s', '/bye 5s'], 5], other: [['/n 1', '/bye 5s', '/r 5s'], 5] },
  { reading: 'whenhangupAfterHangup', replies: { '/': { hangup: 'busy', ...BYE } }, keys: '', look: ({ posts }) => posts.slice(1).map(({ form }) => form['state']), cautious: ['busy'], other: [] },
  { reading: 'whenhangupAfterBadReply', replies: { ...ivr(BYE), '/n': broken }, keys: '1', cautious: [['/n 1'], 0], other: [['/n 1', '/bye 0s'], 0] },
  { reading: 'withheld', replies: { '/': END }, keys: '', options: { from: null }, look: ({ posts }) => posts[0]?.form['from'], cautious: 'anonymous', other: '' },
  { reading: 'connectTimeout', replies: { '/': { connect: '+46812345671' } }, keys: 'failed', cautious: [[], 60], other: [[], 30] },
  { reading: 'noAnswerWord', replies: { '/': { connect: '+46812345671', timeout: 10, next: '$/n' }, '/n': END }, keys: 'failed', look: result, cautious: '/n failed', other: '/n no-answer' },
  {
    reading: 'actionEntries',
    replies: { '/': { ivr: '$/2.wav', ...BYE } },
    ...{ keys: '1', look: ({ posts, base }) => posts[1]?.form['actions']?.replaceAll(base, '') },
    cautious: '[{"fetch":"/","result":"success"},{"ivr":"/2.wav","result":"1"}]',
    other: '["/","ivr"]',
  },
  { reading: 'created', replies: { '/': END }, keys: '', look: ({ posts }) => 'created' in (posts[0]?.form ?? {}), cautious: true, other: false },
  { reading: 'contentType', replies: { '/': END }, keys: '', look: ({ posts }) => posts[0]?.headers['content-type'], cautious: 'application/x-www-form-urlencoded', other: 'application/x-www-form-urlencoded; charset=UTF-8' },
  { reading: 'nesting', replies: { '/': { ...END, padding: 'x'.repeat(70_000) } }, keys: '', look: ({ report }) => report.ended, cautious: 'hangup', other: 'breach' },
  { reading: 'ivrBuiltIn', replies: ivr({ timeout: 5, repeat: 1 }, 'sound/beep'), keys: 'silence', cautious: [['/n failed noinput'], 5.5], other: [['/n failed noinput'], 5] },
  {
    reading: 'recordcallAgain',
    replies: { '/': { play: '$/4.wav', recordcall: '$/r', next: { play: '$/5.wav', recordcall: '$/r' } } },
    ...{ keys: '', look: ({ posts }) => posts.slice(1).map(({ form }) => `${form['duration']}${form['wav']?.slice(-7)}`) },
    ...{ cautious: ['9-r0.wav', '5-r1.wav'], other: ['9-r0.wav'] },
  },
  {
    reading: 'addressLength',
    replies: { '/': { play: 'sound/beep', next: `$/${'a'.repeat(2500)}` }, [`/${'a'.repeat(2500)}`]: END },
    ...{ keys: '', look: ({ report, codes }) => [report.ended, codes], cautious: ['hangup', []], other: ['breach', ['address-too-long']] },
  },
]

void t.test('every open question in both readings', async (t) => {
  for (const { reading, replies, keys, look = outline, options, ...expected } of CASES) {
    t.same(look(await dial(replies, keys, { ...options, readings: cautious })), expected.cautious, `${reading}: ${READINGS[reading].cautious}`)
    t.same(look(await dial(replies, keys, { ...options, readings: turn(reading) })), expected.other, `${reading}: ${READINGS[reading].other}`)
  }
  t.same(READING_NAMES.filter((name) => !CASES.some(({ reading }) => reading === name)), [], 'every switch has a case')
})

void t.test('the table covers the 38 questions, and its presets are what they say', async (t) => {
  const questions = new Set([...READING_NAMES.map((name) => READINGS[name].question), ...SETTLED.map(({ question }) => question)])
  t.same([...questions].sort((a, b) => a - b), Array.from({ length: 38 }, (_, i) => i + 1))
  for (const name of READING_NAMES) {
    t.equal(cautious[name], READINGS[name].cautious)
    t.equal(turned[name], READINGS[name].other)
    t.not(READINGS[name].other, READINGS[name].cautious, name)
    t.same(READING_NAMES.filter((other) => turn(name)[other] !== cautious[other]), [name])
  }
})

void t.test('a call across the readings: which of them matter to it', async (t) => {
  const hook = await listen({
    '/': { ivr: '$/2.wav', digits: 4, timeout: 5, repeat: 2, next: '$/n' },
    '/n': ({ form }) => ({ play: form['result'] === '12' ? '$/1.wav' : '$/3.wav' }),
  })
  const runs = await acrossReadings((readings) => placeCall({ start: `${hook.base}/`, person: follow(readMoves('12#')), readings }))
  await hook.close()
  t.same(runs.map(({ name }) => name), ['cautious', ...READING_NAMES, 'all'])
  t.same(runs.filter(({ differs }) => differs).map(({ name }) => name), ['hash', 'playedWord', 'all'])
  t.same(runs[0]?.report.readings, cautious)
  t.match(runs.find(({ name }) => name === 'hash'), { says: /Does # count.*included$/, report: { ended: 'no-next' } })
  t.ok(summarize(hook.posts).includes('/n 12#'))
})
