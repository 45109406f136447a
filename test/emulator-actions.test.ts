import t from 'tap'
import { dial, type Reply } from './emulator/webhook.ts'
import type { CallOptions } from '../src/emulator/options.ts'

interface Row {
  readonly name: string
  readonly replies: Readonly<Record<string, Reply>>
  readonly keys: string
  /** Requests after the first. */
  readonly asked: readonly string[]
  /** Seconds of the whole call. */
  readonly seconds?: number
  readonly ended?: string
  readonly codes?: readonly string[]
  readonly options?: Partial<CallOptions>
}

const END = { hangup: 'reject' }
const N = { '/n': END }
const ivr = (more: object, url = '$/2.wav'): Readonly<Record<string, Reply>> => ({ '/': { ivr: url, next: '$/n', ...more }, ...N })
const play = (value: string, more: object = {}): Readonly<Record<string, Reply>> => ({ '/': { play: value, next: '$/n', ...more }, ...N })
const connect = (more: object, to = '+46812345671'): Readonly<Record<string, Reply>> => ({ '/': { connect: to, ...more }, ...N, '/b': END, '/f': END })
const record = (more: object, to = '$/r'): Readonly<Record<string, Reply>> => ({ '/': { record: to, next: '$/n', ...more }, ...N })

/** A tree of plays, each in the next of the one before. */
const nested = (depth: number): object => (depth === 1 ? { play: 'sound/beep' } : { play: 'sound/beep', next: nested(depth - 1) })

function run(title: string, rows: readonly Row[]): void {
  void t.test(title, async (t) => {
    for (const { name, replies, keys, asked, seconds, ended = 'hangup', codes = [], options } of rows) {
      const { report, ...met } = await dial(replies, keys, options)
      t.same(met.asked, asked, `${name}: requests`)
      t.same(met.codes, codes, `${name}: findings`)
      t.equal(report.ended, ended, `${name}: end`)
      if (seconds !== undefined) t.equal(report.seconds, seconds, `${name}: seconds`)
    }
  })
}

run('facts 2.1: ivr', [
  { name: 'one digit by default, no waiting', replies: ivr({}), keys: '7', asked: ['/n 7'], seconds: 0 },
  { name: 'several digits', replies: ivr({ digits: 4 }), keys: '1234', asked: ['/n 1234'] },
  { name: '# ends the input early', replies: ivr({ digits: 10 }), keys: '12#', asked: ['/n 12'] },
  { name: 'keys after the last digit are lost', replies: ivr({ digits: 2 }), keys: '12345', asked: ['/n 12'] },
  { name: '10 s and three times by default', replies: ivr({}), keys: 'silence', asked: ['/n failed noinput'], seconds: 36 },
  { name: 'timeout and repeat', replies: ivr({ timeout: 5, repeat: 2 }), keys: 'silence', asked: ['/n failed noinput'], seconds: 14 },
  { name: 'options as text', replies: ivr({ timeout: '5', repeat: '2', digits: '3' }), keys: 'silence', asked: ['/n failed noinput'], seconds: 14 },
  ...[0, 31, 2.5, -1, 'soon', null].map((timeout) => ({ name: `timeout ${timeout}`, replies: ivr({ timeout, repeat: 1 }), keys: 'silence', asked: ['/n failed noinput'], seconds: 12, codes: ['out-of-range'] })),
  { name: 'timeout 30', replies: ivr({ timeout: 30, repeat: 1 }), keys: 'silence', asked: ['/n failed noinput'], seconds: 32 },
  { name: 'a digit key as an address gets the digit', replies: { ...ivr({ '2': '$/two' }), '/two': END }, keys: '2', asked: ['/two 2'] },
  { name: 'a digit key as an action', replies: ivr({ '1': { play: '$/5.wav', next: '$/n' } }), keys: '1', asked: ['/n ok'], seconds: 5 },
  { name: 'a matching key wins over next', replies: { ...ivr({ '1': '$/one' }), '/one': END }, keys: '1', asked: ['/one 1'] },
  { name: 'other digits go to next', replies: { ...ivr({ '1': '$/one' }), '/one': END }, keys: '3', asked: ['/n 3'] },
  { name: 'so does silence', replies: { ...ivr({ '1': '$/one', repeat: 1 }), '/one': END }, keys: 'silence', asked: ['/n failed noinput'] },
  { name: 'no key and no next ends the call', replies: ivr({ '1': '$/one', next: undefined }), keys: '3', asked: [], ended: 'no-next' },
  { name: 'a key pressed while it waits', replies: ivr({}), keys: 'wait:5 4', asked: ['/n 4'], seconds: 5 },
  { name: 'a key pressed in the second round', replies: ivr({}), keys: 'wait:13 4', asked: ['/n 4'], seconds: 13 },
  { name: 'the caller hangs up', replies: ivr({}), keys: 'wait:3 hang-up', asked: [], seconds: 3, ended: 'caller' },
  { name: 'skippable belongs to play', replies: ivr({ skippable: true }), keys: '1', asked: ['/n 1'], codes: ['unknown-key'] },
  { name: 'unknown keys', replies: ivr({ loop: 3, noinput: '$/x' }), keys: '1', asked: ['/n 1'], codes: ['unknown-key', 'unknown-key'] },
  { name: 'out of range', replies: ivr({ digits: 0, repeat: 0 }), keys: '1', asked: ['/n 1'], codes: ['out-of-range', 'out-of-range'] },
])

run('facts 2.2: play', [
  { name: 'to its end', replies: play('$/7.wav'), keys: '', asked: ['/n ok'], seconds: 7 },
  { name: 'no next ends the call', replies: play('$/7.wav', { next: undefined }), keys: '', asked: [], seconds: 7, ended: 'no-next' },
  { name: 'a key skips it', replies: play('$/9.wav'), keys: '', asked: ['/n ok'], seconds: 2, options: pressing('1', 2) },
  { name: 'not where it is not skippable', replies: play('$/9.wav', { skippable: false }), keys: '', asked: ['/n ok'], seconds: 9, options: pressing('1', 2) },
  { name: 'skippable is a boolean', replies: play('$/9.wav', { skippable: 'no' }), keys: '', asked: ['/n ok'], codes: ['out-of-range'], seconds: 9 },
  { name: 'sound/beep', replies: play('sound/beep'), keys: '', asked: ['/n ok'], seconds: 0.5 },
  { name: 'sound/dtmf: 12 tones, p 50 ms, P 500 ms', replies: play('sound/dtmf/0P1P9205253183p'), keys: '', asked: ['/n ok'], seconds: 2.25 },
  { name: 'sound/dtmf with other signs', replies: play('sound/dtmf/12w'), keys: '', asked: ['/n failed'], codes: ['sound-unplayable'], seconds: 0 },
  { name: 'no other built-in sound', replies: play('sound/testsound'), keys: '', asked: ['/n failed'], codes: ['sound-unplayable'] },
  { name: 'a sound that is not there', replies: play('$/none.mp3'), keys: '', asked: ['/n failed'], codes: ['sound-unplayable'], seconds: 0 },
  { name: 'what is no sound', replies: { ...play('$/x.json'), '/x.json': '{"error":1}' }, keys: '', asked: ['/n failed'], codes: ['sound-unplayable'] },
  { name: 'a relative address', replies: play('menu.mp3'), keys: '', asked: ['/n failed'], codes: ['sound-unplayable'] },
  { name: 'spoken text', replies: play('en_US/Hello there, friends of ours'), keys: '', asked: ['/n ok'], codes: ['sound-spoken'], seconds: 2 },
  { name: 'a sound that breaks', replies: play('$/7.wav'), keys: 'fail', asked: ['/n failed'], seconds: 0 },
  { name: 'the caller hangs up', replies: play('$/7.wav'), keys: 'wait:3 hang-up', asked: [], seconds: 3, ended: 'caller' },
])

run('facts 2.3: connect', [
  { name: 'success, and the callee hangs up', replies: connect({ next: '$/n' }), keys: 'success wait:20', asked: ['/n success'], seconds: 20 },
  { name: 'success, and the caller hangs up', replies: connect({ next: '$/n' }), keys: 'success wait:20 hang-up', asked: [], seconds: 20, ended: 'caller' },
  { name: 'busy', replies: connect({ next: '$/n' }), keys: 'busy', asked: ['/n busy'], seconds: 0 },
  { name: 'failed rings to the timeout', replies: connect({ next: '$/n', timeout: 20 }), keys: 'failed', asked: ['/n failed'], seconds: 20 },
  { name: '60 s by default', replies: connect({ next: '$/n' }), keys: 'failed', asked: ['/n failed'], seconds: 60 },
  { name: 'timeout as text', replies: connect({ next: '$/n', timeout: '15' }), keys: 'failed', asked: ['/n failed'], seconds: 15 },
  { name: 'timeout out of range', replies: connect({ next: '$/n', timeout: 5 }), keys: 'failed', asked: ['/n failed'], seconds: 60, codes: ['out-of-range'] },
  { name: 'branches before next', replies: connect({ next: '$/n', busy: '$/b', failed: '$/f' }), keys: 'busy', asked: ['/b busy'] },
  { name: 'branches before next', replies: connect({ next: '$/n', busy: '$/b', failed: '$/f', timeout: 10 }), keys: 'failed', asked: ['/f failed'] },
  { name: 'success goes to next', replies: connect({ next: '$/n', busy: '$/b', failed: '$/f' }), keys: 'success', asked: ['/n success'] },
  { name: 'a branch as an action', replies: connect({ busy: { connect: '+46812345672', failed: '$/f' } }), keys: 'busy failed', asked: ['/f failed'] },
  { name: 'no branch, no next', replies: connect({ failed: '$/f' }), keys: 'busy', asked: [], ended: 'no-next' },
  { name: 'a list', replies: connect({ next: '$/n' }, '+46812345671, +46812345672'), keys: 'success', asked: ['/n success'] },
  { name: 'SIP', replies: connect({ next: '$/n' }, 'sip:desk@pbx.example:5060;transport=tcp'), keys: 'success', asked: ['/n success'] },
  { name: 'a client number', replies: connect({ next: '$/n' }, '+4600120000'), keys: 'success', asked: ['/n success'] },
  { name: 'no number', replies: connect({ failed: '$/f' }, '0701234567'), keys: '', asked: ['/f failed'], codes: ['number-invalid'] },
  { name: 'a list with one that is no number', replies: connect({ next: '$/n' }, '+46812345671,112'), keys: 'busy', asked: ['/n busy'], codes: ['number-invalid'] },
  { name: 'timelimit', replies: connect({ next: '$/n', timelimit: 10 }), keys: 'success wait:50', asked: ['/n success'], seconds: 10 },
  { name: 'fail is a typo', replies: connect({ next: '$/n', fail: '$/f' }), keys: 'failed', asked: ['/n failed'], codes: ['unknown-key'] },
  { name: 'the caller hangs up while it rings', replies: connect({ next: '$/n' }), keys: 'wait:5 hang-up', asked: [], seconds: 5, ended: 'caller' },
])

run('facts 2.4 and 2.5: record and recordcall', [
  { name: 'until 3 s of silence', replies: record({}), keys: 'speak:9', asked: ['/r 9s', '/n success'], seconds: 12 },
  { name: 'without a word', replies: record({}), keys: 'silence', asked: ['/r 0s', '/n success'], seconds: 3 },
  { name: 'until #', replies: record({ silencedetection: 'no' }), keys: 'speak:9 #', asked: ['/r 9s', '/n success'], seconds: 9 },
  { name: 'silence does not end it then', replies: record({ silencedetection: 'no' }), keys: 'silence', asked: ['/r 120s', '/n success'], seconds: 120 },
  { name: 'timelimit', replies: record({ timelimit: 10 }), keys: 'speak:60', asked: ['/r 10s', '/n success'], seconds: 10 },
  { name: 'odd options', replies: record({ timelimit: 0, silencedetection: false }), keys: 'speak:5', asked: ['/r 5s', '/n success'], codes: ['out-of-range', 'out-of-range'] },
  { name: 'it breaks', replies: record({}), keys: 'fail', asked: ['/n failed'], seconds: 0 },
  { name: 'local, heard again', replies: record({ next: { play: 'local/mine', next: '$/n' } }, 'local/mine'), keys: 'speak:9', asked: ['/n ok'], seconds: 21 },
  { name: 'local that is not there', replies: play('local/mine'), keys: '', asked: ['/n failed'], codes: ['sound-unplayable'] },
  { name: 'nowhere to record to', replies: record({}, 'recording'), keys: '', asked: ['/n failed'], codes: ['record-invalid'] },
  { name: 'the whole call, reported at its end', replies: connect({ recordcall: '$/r', next: '$/n' }), keys: 'success wait:20', asked: ['/n success', '/r 20s'] },
  { name: 'nothing where nobody answered', replies: connect({ recordcall: '$/r', next: '$/n' }), keys: 'busy', asked: ['/n busy'] },
  { name: 'hang-up in a record', replies: record({}), keys: 'speak:9 hang-up', asked: ['/r 9s'], ended: 'caller' },
])

run('facts 2.6 and 2.0: hangup, whenhangup, nesting', [
  ...['busy', 'reject', '404'].map((hangup) => ({ name: hangup, replies: { '/': { hangup } }, keys: '', asked: [], seconds: 0 })),
  { name: 'another word', replies: { '/': { hangup: true } }, keys: '', asked: [], codes: ['hangup-value'] },
  { name: 'next after it', replies: { '/': { hangup: 'reject', next: '$/n' } }, keys: '', asked: [], codes: ['next-on-hangup'] },
  { name: 'busy later', replies: play('sound/beep', { next: { hangup: 'busy' } }), keys: '', asked: [], codes: ['hangup-late'] },
  { name: 'whenhangup: the last one wins', replies: { ...play('sound/beep', { whenhangup: '$/a' }), '/n': { play: 'sound/beep', whenhangup: '$/b' } }, keys: '', asked: ['/n ok', '/b 1s'], ended: 'no-next' },
  { name: 'whenhangup of an action that is not reached', replies: ivr({ whenhangup: '$/a', '1': { hangup: 'reject', whenhangup: '$/b' } }), keys: '2', asked: ['/n 2', '/a 0s'] },
  { name: 'whenhangup that is no address', replies: play('sound/beep', { whenhangup: 'bye' }), keys: '', asked: ['/n ok'], codes: ['whenhangup-invalid'] },
  { name: 'a broken action where it is not reached', replies: ivr({ '1': { play: 'x', connect: 'y' } }), keys: '2', asked: ['/n 2'], codes: ['nested-action'] },
  { name: 'and where it is', replies: ivr({ '1': { play: 'x', connect: 'y' } }), keys: '1', asked: [], codes: ['nested-action', 'two-actions'], ended: 'breach' },
  { name: '32 deep', replies: { '/': nested(32) }, keys: '', asked: [], seconds: 16, ended: 'no-next' },
  { name: '33 deep', replies: { '/': nested(33) }, keys: '', asked: [], seconds: 16.5, codes: ['reply-too-deep'], ended: 'no-next' },
  { name: 'a circle', replies: { '/': { play: 'sound/beep', next: '$/' } }, keys: '', asked: ['/ ok', '/ ok'], codes: ['call-too-long'], ended: 'limit', options: { limits: { requests: 3 } } },
  { name: 'a call without end', replies: ivr({ timeout: 30, next: '$/' }), keys: 'silence silence silence', asked: ['/ failed noinput'], seconds: 100, codes: ['call-too-long'], ended: 'limit', options: { limits: { seconds: 100 } } },
])

void t.test('facts 2.3 and 3: legs and state', async (t) => {
  const replies = { '/': { connect: '+46812345671,+46812345672', callerid: '+46766861004', whenhangup: '$/bye' } }
  const { posts } = await dial(replies, '', { person: { meet: () => undefined, line: () => ({ result: 'success', number: '+46812345672', after: 4, talk: 7.6 }) } })
  t.match(posts[1]?.form, { state: 'success', duration: '8', start: '2026-03-02T13:30:04.250000' })
  t.same(JSON.parse(posts[1]?.form['legs'] ?? ''), [
    { to: '+46812345671', from: '+46766861004', state: 'failed' },
    { to: '+46812345672', from: '+46766861004', state: 'success', duration: 8 },
  ])
  for (const word of ['busy', 'failed']) {
    const unanswered = await dial(replies, word)
    t.match(unanswered.posts[1]?.form, { state: word, start: undefined, duration: undefined })
  }
  const odd = await dial({ '/': { connect: '+46812345671', callerid: 'me' } }, 'busy')
  t.same(odd.codes, ['number-invalid'])
  t.equal(odd.report.legs[0]?.from, '+46701234567', 'the caller is shown')
})

/** A person who presses a key some seconds after the call began, whatever is met. */
function pressing(keys: string, seconds: number): Partial<CallOptions> {
  return {
    person: {
      async meet(met, phone) {
        if (met.kind === 'start' && (await phone.wait(seconds))) phone.press(keys)
      },
      line: () => ({ result: 'failed' }),
    },
  }
}
