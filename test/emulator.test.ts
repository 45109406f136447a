import t from 'tap'
import { listen, dial, AT, CALLID, type Reply } from './emulator/webhook.ts'
import { placeCall } from '../src/emulator/call.ts'
import { follow, readMoves } from '../src/emulator/moves.ts'
import { openWire } from '../src/emulator/wire.ts'
import type { CallOptions } from '../src/emulator/options.ts'

const END = { hangup: 'reject' }
const SOON = { limits: { answerMs: 80 } }

void t.test('facts 1.1 to 1.3 and 3: the fields of every phase', async (t) => {
  const { report, posts, base } = await dial(
    {
      '/': { ivr: '$/2.wav', digits: 2, next: '$/menu', whenhangup: '$/bye' },
      '/menu': { connect: '+46812345671', callerid: '+46766861004', busy: '$/busy' },
      '/busy': { record: '$/recorded', next: '$/thanks', recordcall: '$/whole' },
      '/thanks': { ivr: '$/1.wav', repeat: 1, timeout: 5, next: '$/end' },
      '/end': END,
    },
    '12 busy speak:9 silence',
  )
  const party = { from: '+46701234567', to: '+46766861004', direction: 'incoming' }
  const [first, menu, busy, recorded, thanks, end, whole, bye, ...more] = posts
  t.same(first?.form, { ...party, callid: CALLID, created: '2026-03-02T13:30:00.250000', result: 'newincoming' })
  t.same(menu?.form, { ...party, callid: CALLID, result: '12' })
  t.same(busy?.form, { ...party, callid: CALLID, result: 'busy' })
  t.same(recorded?.form, {
    ...{ ...party, callid: CALLID, duration: '9', created: '2026-03-02T13:30:12.250000' },
    wav: `https://api.46elks.com/a1/Recordings/${CALLID}-r1.wav`,
  }, 'the recording of the call began before this one')
  t.same(thanks?.form, { ...party, callid: CALLID, result: 'success' })
  t.same(end?.form, { ...party, callid: CALLID, result: 'failed', why: 'noinput' })
  t.same([whole?.path, whole?.form['duration'], whole?.form['wav']?.slice(-7)], ['/whole', '18', '-r0.wav'])
  t.equal(bye?.path, '/bye')
  const { actions = '', legs = '', ...rest } = bye?.form ?? {}
  t.same(rest, { ...party, id: CALLID, created: '2026-03-02T13:30:00.250000', state: 'success', start: '2026-03-02T13:30:00.250000', duration: '18' })
  t.same(JSON.parse(legs), [{ to: '+46812345671', from: '+46766861004', state: 'busy' }])
  t.same((JSON.parse(actions) as object[])[0], { fetch: `${base}/`, result: 'success' })
  t.same((JSON.parse(actions) as object[])[3], { connect: '+46812345671', result: 'busy' }, 'after two fetches and the ivr')
  t.same(more, [])
  t.ok(posts.every(({ headers }) => headers['content-type'] === 'application/x-www-form-urlencoded'))
  t.same([report.seconds, report.duration, report.ended, report.ok, report.findings], [18, 18, 'hangup', true, []])
})

void t.test('facts 1.2: an outgoing call asks when the callee has answered', async (t) => {
  const answered = await dial({ '/': END }, '', { direction: 'outgoing', from: '+46766861004', to: '+46701234567' })
  t.same(answered.posts.map(({ form }) => [form['result'], form['direction']]), [['newoutgoing', 'outgoing']])
  t.equal(answered.report.state, 'success')
  const hook = await listen({})
  const refused = await placeCall({ start: `${hook.base}/`, direction: 'outgoing', answered: 'busy', whenhangup: `${hook.base}/bye`, person: follow([]) })
  t.same(hook.posts.map(({ path, form }) => [path, form['state'], form['start']]), [['/bye', 'busy', undefined]])
  t.equal(refused.ended, 'unanswered')
  await hook.close()
})

interface Strict {
  readonly name: string
  readonly reply: Reply
  readonly code?: string
  readonly ended?: string
  /** What the developer must be able to read. */
  readonly words?: RegExp
  readonly options?: Partial<CallOptions>
}

const status = (code: number, headers = {}): Reply => (_post, response) => void response.writeHead(code, headers).end('{"hangup":"reject"}')

const STRICT: readonly Strict[] = [
  ...[200, 201, 202, 203].map((code) => ({ name: `status ${code}`, reply: status(code), ended: 'hangup' })),
  { name: 'status 204', reply: status(204), ended: 'empty-reply', code: 'reply-empty' },
  ...[205, 400, 401, 404, 405, 500, 503].map((code) => ({ name: `status ${code}`, reply: status(code), code: 'reply-status', words: new RegExp(`^start \\(POST http.*status ${code}`) })),
  ...[301, 302, 307, 308].map((code) => ({ name: `redirect ${code}`, reply: status(code, { location: 'http://x.example/y' }), code: 'reply-redirect', words: /redirect to http:\/\/x\.example\/y/ })),
  { name: 'an empty body', reply: '', ended: 'empty-reply', code: 'reply-empty' },
  { name: '{}', reply: '{}', ended: 'empty-reply', code: 'reply-empty', words: /answered with \{\}/ },
  { name: 'text', reply: 'Thank you', code: 'reply-not-json', words: /"Thank you", which is not JSON/ },
  { name: 'broken JSON', reply: '{"play":"x",}', code: 'reply-not-json' },
  { name: 'a list', reply: '[{"play":"x"}]', code: 'reply-not-object', words: /a list/ },
  { name: 'a text in JSON', reply: '"play"', code: 'reply-not-object' },
  { name: 'a number', reply: '7', code: 'reply-not-object' },
  { name: 'null', reply: 'null', code: 'reply-not-object', words: /null/ },
  { name: 'no action', reply: { say: 'hello' }, code: 'no-action', words: /no action among the keys "say"/ },
  { name: 'recordcall alone', reply: { recordcall: '$/r' }, code: 'no-action', words: /recordcall alone/ },
  { name: 'two actions', reply: { play: '$/1.wav', connect: '+46812345671' }, code: 'two-actions', words: /connect and play/ },
  { name: 'no answer', reply: () => undefined, code: 'reply-timeout', words: /no answer within 0\.08 s/, options: SOON },
  { name: 'a dropped connection', reply: (_post, response) => void response.destroy(), code: 'reply-missing', words: /did the application crash/ },
  { name: 'any content type', reply: (_post, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('{"hangup":"reject"}'), ended: 'hangup' },
  { name: 'a reply without end', reply: () => `"${'x'.repeat(1024 * 1024)}"`, code: 'reply-too-large' },
  { name: 'a target that is a number', reply: { play: 'sound/beep', next: 7 }, code: 'nested-action', words: /next is 7/ },
  { name: 'a relative address', reply: { play: 'sound/beep', next: '/menu' }, code: 'nested-action', words: /no absolute address/ },
]

void t.test('facts 1.4: what a reply must be', async (t) => {
  for (const { name, reply, code, ended = 'breach', words, options } of STRICT) {
    const { report, codes, posts } = await dial({ '/': reply }, '', options)
    t.equal(report.ended, ended, name)
    t.equal(codes[0], code, name)
    t.equal(report.ok, ended !== 'breach', name)
    if (words !== undefined) t.match(report.findings[0]?.message, words, name)
    t.equal(posts.length, 1, `${name}: nothing follows`)
    if (code !== undefined) t.match(report.findings[0], { section: /^\d/, says: /./, at: 0 }, name)
  }
})

void t.test('facts 1.4: the same holds in the middle of a call, and the request that broke it is named', async (t) => {
  const { report } = await dial({ '/': { ivr: '$/1.wav', next: '$/next' }, '/next': status(500) }, '5')
  t.match(report.findings[0], { code: 'reply-status', request: 1, message: /next \(POST .*\/next with result=5\): answered with status 500: the application broke/ })
  const target = await dial({ '/': { play: 'sound/beep', next: 7 } }, '')
  t.same(target.codes, ['nested-action', 'target-invalid'])
  const relative = await dial({ '/': { play: 'sound/beep', next: 'menu' } }, '')
  t.same(relative.codes, ['nested-action', 'address-relative'])
})

void t.test('an application that is not there', async (t) => {
  const hook = await listen({})
  await hook.close()
  const report = await placeCall({ start: `${hook.base}/`, person: follow([]) })
  t.match(report.findings[0], { code: 'reply-missing', message: /nothing listens at 127.0.0.1:\d+: is the application running/ })
})

void t.test('facts 1.6: voice_start as an action, as text or as an object', async (t) => {
  const hook = await listen({})
  const action = { play: `${hook.base}/3.wav`, next: { ivr: `${hook.base}/2.wav`, '1': { connect: '+46812345671', failed: { play: 'sound/beep' } } } }
  for (const start of [action, JSON.stringify(action)]) {
    const report = await placeCall({ start, person: follow(readMoves('1 failed')) })
    t.same([report.ended, report.seconds, report.requests.length, report.findings], ['no-next', 63.5, 0, []])
  }
  const cleared = await placeCall({ start: 'none', person: follow([]) })
  t.equal(cleared.findings[0]?.code, 'address-relative')
  await hook.close()
})

void t.test('facts 5: credentials in an address, own headers, and no redirect or query on the screen', async (t) => {
  const seen: unknown[] = []
  const hook = await listen({
    '/x?key=secret': (post) => {
      seen.push(post.headers.authorization, post.headers['x-run'], post.headers['x-wire'])
      return 'no'
    },
  })
  const wire = openWire({ headers: { 'x-wire': '2' } })
  const report = await placeCall({ start: `${hook.base.replace('//', '//us%40er:pass@')}/x?key=secret`, person: follow([]), headers: { 'x-run': '1' }, wire })
  await wire.close()
  t.same(seen, [`Basic ${Buffer.from('us@er:pass').toString('base64')}`, '1', '2'])
  t.notMatch(report.findings[0]?.message, /secret|pass/)
  await hook.close()
})

void t.test('a caller who hides the number; the time of a call', async (t) => {
  const { posts, report } = await dial({ '/': END }, '', { from: null, to: '+46700000001' })
  t.match(posts[0]?.form, { from: 'anonymous', to: '+46700000001' })
  t.equal(report.began, AT)
})
