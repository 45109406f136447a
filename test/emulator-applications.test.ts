import t from 'tap'
import { broken, forgetsSilence, menuApplication, staticMenu, type Application } from './emulator/applications.ts'
import { AT, dial } from './emulator/webhook.ts'
import { placeCall } from '../src/emulator/call.ts'
import { virtualClock } from '../src/emulator/clock.ts'
import { follow, readMoves } from '../src/emulator/moves.ts'
import type { CallOptions } from '../src/emulator/options.ts'
import type { Phone } from '../src/emulator/person.ts'
import { transcript, writeReport } from '../src/emulator/transcript.ts'
import { openWire } from '../src/emulator/wire.ts'

async function phone(application: Application, path: string, words: string, options: Partial<CallOptions> = {}) {
  const person = follow(readMoves(words))
  const report = await placeCall({ start: `${application.base}${path}`, person, clock: virtualClock(AT), ...options })
  return { report, person }
}

void t.test('a static menu in voice_start', async (t) => {
  const application = await menuApplication()
  const ways: readonly (readonly [words: string, heard: string[], seconds: number])[] = [
    ['1 success', [], 30],
    ['1 busy', ['busy.wav'], 4],
    ['1 failed success', [], 45],
    ['1 failed failed', ['closed.wav'], 34],
    ['2', ['hours.wav'], 4],
    ['9', ['closed.wav'], 4],
    ['silence', ['closed.wav'], 46],
  ]
  for (const [words, heard, seconds] of ways) {
    const { report, person } = await phone(application, '', words, { start: staticMenu(application.base) })
    const played = report.trace.flatMap((event) => (event.kind === 'sound' && event.name !== 'menu.wav' ? [event.name] : []))
    t.same([played, report.seconds, report.findings, person.left, report.requests], [heard, seconds, [], [], []], words)
  }
  await application.close()
})

void t.test('a menu on a web framework', async (t) => {
  const application = await menuApplication()
  const { report } = await phone(application, '/calls', '2 1 busy speak:7')
  t.same(report.findings, [])
  t.same(transcript(report.trace), [
    ...['ivr menu.wav', 'caller: 2', '-> 2', 'play hours.wav', '-> ok', 'ivr menu.wav', 'caller: 1', '-> 1'],
    ...['connect +46812345671', 'line: busy', '-> busy', 'play sound/beep', '-> ok', 'record', 'caller: speaks 7 s', '-> success'],
    ...['play thanks.wav', '-> ok', 'end: no-next'],
  ])
  t.same(report.recordings.map(({ seconds, of }) => [seconds, of]), [[7, 'record']])
  const text = writeReport(report)
  t.match(text, /^00:00\.0 {2}carrier {3}POST http:\/\/127\.0\.0\.1:\d+\/calls \(start, result=newincoming\)\n/)
  t.match(text, /00:00\.0 {2}carrier {3}plays menu\.wav, 4 s\n00:00\.0 {2}caller {4}presses 2\n/)
  t.match(text, /\/choice\?\.\.\. \(next, result=2\)/, 'no query is shown')
  await application.close()
})

void t.test('an application that forgets silence', async (t) => {
  const application = await forgetsSilence()
  t.ok((await phone(application, '/', '1 success')).report.ok)
  const { report } = await phone(application, '/', 'silence')
  t.equal(report.ended, 'breach')
  t.equal(report.findings.length, 1)
  const [finding] = report.findings
  t.match(finding?.message, /^next \(POST http:\S+\/choice with result=failed and why=noinput\): answered with status 500: the application broke and says "TypeError: Cannot read properties of undefined/)
  t.match(finding, { code: 'reply-status', section: '1.4', at: 9, request: 1 })
  t.match(writeReport(report), /finding {3}error: next .*Every reply must have a status from 200 to 204/)
  t.same(report.requests.map(({ purpose }) => purpose), ['start', 'next'], 'nothing tells the application that the call is over')
  await application.close()
})

void t.test('an application that answers 500', async (t) => {
  const application = await broken()
  const { report } = await phone(application, '/', '')
  t.same([report.ended, report.state, report.duration], ['breach', 'failed', undefined])
  t.match(report.findings[0]?.message, /^start \(POST http:\S+\): answered with status 500: the application broke and says "Error: database is locked"/)
  await application.close()
})

const FLOW = {
  '/': { ivr: '$/2.wav', next: '$/n', whenhangup: '$/bye', recordcall: '$/whole' },
  '/n': { record: '$/r', next: '$/end' },
  '/end': { hangup: 'reject' },
}

void t.test('misbehaviour: requests sent twice', async (t) => {
  const all = await dial(FLOW, '1 speak:2', { misbehave: { repeat: () => 'at-once' } })
  t.same(all.asked, ['/ newincoming', ...['/n 1', '/r 2s', '/end success', '/whole 5s', '/bye 5s'].flatMap((post) => [post, post])])
  t.same(all.codes, [])
  t.same(all.report.requests.map(({ repeats }) => repeats).slice(0, 4), [undefined, 0, undefined, 2])
  const late = await dial(FLOW, '1 speak:2', { misbehave: { repeat: ({ purpose }) => (purpose === 'next' ? 'late' : undefined) } })
  t.same(late.asked.slice(-3), ['/bye 5s', '/n 1', '/end success'])
  let count = 0
  const differs = await dial({ '/': () => ({ play: `sound/dtmf/${++count}` }) }, '', { misbehave: { repeat: () => 'at-once' } })
  t.same([differs.codes, transcript(differs.report.trace)[0]], [['answers-differ'], 'play sound/dtmf/1'])
})

void t.test('misbehaviour: order, and next after the caller has left', async (t) => {
  const last = await dial(FLOW, '1 speak:2', { misbehave: { whenhangupFirst: true } })
  t.same(last.asked, ['/n 1', '/end success', '/bye 5s', '/r 2s', '/whole 5s'])
  const after = await dial(FLOW, '1 speak:2 hang-up', { misbehave: { nextAfterHangup: true } })
  t.same(after.asked, ['/n 1', '/r 2s', '/end success', '/whole 2s', '/bye 2s'])
})

void t.test('a notice that is not taken is reported', async (t) => {
  const { codes, report } = await dial({ ...FLOW, '/r': (_post, response) => void response.writeHead(503).end() }, '1 speak:2')
  t.same(codes, ['notice-refused'])
  t.match(report.findings[0]?.message, /record: http.*\/r: answered with status 503/)
  t.ok(report.ok, 'the call does not suffer')
})

void t.test('the caller leaves, or the call is aborted, while the application thinks', async (t) => {
  for (const how of ['hang-up', 'abort'] as const) {
    const abort = new AbortController()
    let caller: Phone | undefined
    const { report, asked } = await dial(
      {
        '/': { play: 'sound/beep', next: '$/slow', whenhangup: '$/bye' },
        '/slow': (_post, response) => {
          if (how === 'hang-up') caller?.hangUp()
          else abort.abort()
          setImmediate(() => response.end('{"play":"sound/beep"}'))
          return undefined
        },
      },
      '',
      { person: { meet: (_met, phone) => void (caller = phone), line: () => ({ result: 'failed' }) }, signal: abort.signal },
    )
    t.same([report.ended, report.seconds], [how === 'abort' ? 'abort' : 'caller', 0.5])
    t.same(asked, how === 'abort' ? ['/slow ok'] : ['/slow ok', '/bye 1s'], 'an aborted call tells nobody')
    t.notOk(report.trace.some((event) => event.kind === 'action' && event.at > 0), 'the reply has no effect')
  }
})

void t.test('a thousand calls at once, and nothing stays behind', async (t) => {
  const application = await menuApplication()
  const wire = openWire()
  const ways = ['1 success', '2 1 busy speak:3', 'silence', '2 2 2 9', '1 failed speak:1'] as const
  const expected = await Promise.all(ways.map(async (words) => transcript((await phone(application, '/calls', words, { wire })).report.trace)))
  const before = process.getActiveResourcesInfo().filter((kind) => kind !== 'TCPSocketWrap' && kind !== 'TCPWRAP').length
  const reports = await Promise.all(Array.from({ length: 1000 }, (_, i) => phone(application, '/calls', ways[i % ways.length] as string, { wire })))
  const wrong = reports.filter(({ report }, i) => transcript(report.trace).join() !== expected[i % ways.length]?.join())
  t.equal(wrong.length, 0, 'each went its own way')
  t.equal(new Set(reports.map(({ report }) => report.callid)).size, 1000)
  t.ok(reports.every(({ report }) => report.ok && /^c[0-9a-f]{32}$/.test(report.callid)))
  await wire.close()
  await application.close()
  await new Promise((resolve) => setImmediate(resolve))
  const left = process.getActiveResourcesInfo().filter((kind) => kind !== 'TCPSocketWrap' && kind !== 'TCPWRAP')
  t.ok(left.length <= before, `no timer or handle is left: ${left.join()}`)
})
