import t from 'tap'
import { dial, listen, summarize, type Reply } from './emulator/webhook.ts'
import { makeMp3, makeOpus, makeVorbis } from './emulator/sound-files.ts'
import { shortAddress, soundName } from '../src/emulator/address.ts'
import { placeCall } from '../src/emulator/call.ts'
import { realClock, virtualClock } from '../src/emulator/clock.ts'
import { follow, readMoves } from '../src/emulator/moves.ts'
import type { LineAnswer, Met, Person, Phone } from '../src/emulator/person.ts'
import { describe, writeReport } from '../src/emulator/transcript.ts'
import { openWire } from '../src/emulator/wire.ts'

const END = { hangup: 'reject' }
const bytes = (file: Buffer, type: string): Reply => (_post, response) => void response.writeHead(200, { 'content-type': type }).end(file)

void t.test('a virtual clock', async (t) => {
  const clock = virtualClock(new Date(1000))
  const seen: string[] = []
  const note = (what: string) => () => void seen.push(`${what} ${clock.now()}`)
  const release = clock.hold()
  clock.at(1500, note('person'), 1)
  clock.at(1500, note('carrier'))
  clock.at(1200, note('early'))
  clock.at(1300, note('cancelled'))()
  const releaseToo = clock.hold()
  release()
  release()
  await new Promise((resolve) => setImmediate(resolve))
  t.same(seen, [], 'held twice, released once')
  releaseToo()
  await new Promise<void>((resolve) => clock.at(600_000, resolve))
  t.same(seen, ['early 1200', 'carrier 1500', 'person 1500'])
  t.equal(clock.now(), 600_000)
})

void t.test('sounds: formats, lengths, the cache', async (t) => {
  const files = {
    '/a.mp3': bytes(makeMp3(115), 'audio/mpeg'),
    '/b.ogg': bytes(makeVorbis(5), 'audio/ogg'),
    '/c.ogg': bytes(makeOpus(), 'audio/ogg'),
    '/d.mp3': bytes(Buffer.from('<html>Not here</html>'), 'audio/mpeg'),
    '/e.wav': bytes(Buffer.alloc(0), 'audio/wav'),
    '/f.wav': ((_post, response) => void response.writeHead(302, { location: '/3.wav' }).end()) satisfies Reply,
  }
  const hook = await listen(files)
  const wire = openWire()
  const load = (path: string) => wire.sounds.load(`${hook.base}${path}`, new Map())
  t.match(await load('/a.mp3'), { name: 'a.mp3', seconds: 3.004, trouble: undefined })
  t.match(await load('/b.ogg'), { name: 'b.ogg', seconds: 5, trouble: undefined })
  t.match(await load('/c.ogg'), { seconds: 0, trouble: /Opus.* is not WAV, MP3 or Ogg Vorbis/ })
  t.match(await load('/d.mp3'), { seconds: 0, trouble: /./ })
  t.match(await load('/e.wav'), { seconds: 0, trouble: /0 bytes, audio\/wav.* is no sound file/ })
  t.match(await load('/f.wav'), { seconds: 0, trouble: /status 302/ })
  t.equal(await load('/a.mp3'), await load('/a.mp3'), 'fetched once')
  t.not(await load('/f.wav'), await load('/f.wav'), 'a failure is tried again')
  await wire.close()
  await hook.close()
})

void t.test('names and addresses on a screen', async (t) => {
  t.equal(soundName('https://u:p@h.example/audio/0123/sv%C3%A5r.mp3?k=1'), 'svår.mp3')
  t.equal(soundName('https://h.example/%zz.mp3'), '%zz.mp3')
  t.equal(soundName('https://h.example/'), 'h.example')
  t.equal(soundName('sound/dtmf/1p2'), 'sound/dtmf/1p2')
  t.equal(shortAddress(`https://u:p@h.example/voice/menu/${'t'.repeat(40)}?key=1`), 'https://h.example/voice/menu/tttttttt...?...')
})

void t.test('a person at a real telephone: keys while the prompt plays, and a hang-up', async (t) => {
  const hook = await listen({ '/': { ivr: '$/60.wav', digits: 2, next: '$/n', whenhangup: '$/bye' }, '/n': { play: '$/60.wav', skippable: false } })
  let telephone: Phone | undefined
  let sounds = 0
  const report = await placeCall({
    start: `${hook.base}/`,
    clock: realClock(),
    person: { meet: (met, phone) => void (met.kind === 'start' && (telephone = phone)), line: () => ({ result: 'failed' }) },
    onEvent: (event) => {
      if (event.kind !== 'sound') return
      setImmediate(() => (sounds++ === 0 ? telephone?.press('42') : telephone?.hangUp()))
    },
  })
  t.same(summarize(hook.posts), ['/ newincoming', '/n 42', '/bye 0s'])
  t.equal(report.ended, 'caller')
  await hook.close()
})

void t.test('a person who thinks, waits and meets everything', async (t) => {
  const met: Met[] = []
  const gaps: number[] = []
  const person: Person = {
    async meet(what, phone) {
      met.push(what)
      const before = phone.elapsed()
      await new Promise((resolve) => setImmediate(resolve))
      gaps.push(phone.elapsed() - before)
      if (what.kind === 'ivr') {
        t.equal(await phone.wait(4), true)
        t.equal(phone.elapsed(), 4)
        phone.press('1')
        t.equal(await phone.wait(3600), false, 'the call was over before')
        phone.press('2')
      }
    },
    async line(ringing, phone): Promise<LineAnswer> {
      t.same(ringing, { kind: 'connect', numbers: ['+46812345671'], callerid: '+46766861004', timeout: 20 })
      await phone.wait(3)
      void phone.wait(10).then(() => phone.calleeHangsUp())
      return { result: 'success' }
    },
  }
  const { report, asked } = await dial(
    {
      '/': { ivr: '$/2.wav', digits: 1, 1: { connect: '+46812345671', callerid: '+46766861004', timeout: 20, next: { record: 'local/x', timelimit: 5, next: '$/n' } } },
      '/n': { play: 'local/x', next: END },
    },
    '',
    { person },
  )
  t.same(met.map(({ kind }) => kind), ['start', 'ivr', 'record', 'play', 'hangup', 'end'])
  t.match(met[1], { sound: { name: '2.wav', seconds: 2 }, digits: 1, timeout: 10, repeat: 3, keys: ['1'] })
  t.ok(gaps.every((gap) => gap === 0), 'time stands still while somebody thinks')
  t.same([asked, report.seconds, report.ended], [['/n success'], 20, 'hangup'])
  t.match(report.trace.find(({ kind }) => kind === 'talk-end'), { at: 17, seconds: 10, by: 'callee' })
})

void t.test('an error in a person ends the call and is thrown on', async (t) => {
  const replies = { '/': { ivr: '$/2.wav', 1: { connect: '+46812345671' } } }
  const bad = (meet: Person['meet']): Promise<unknown> => dial(replies, '', { person: { meet, line: () => Promise.reject(new Error('no line')) } })
  await t.rejects(bad(() => Promise.reject(new Error('asleep'))), { message: 'asleep' })
  await t.rejects(bad((_met, phone) => phone.press('5 apples')), { name: 'TypeError', message: /keys 0 to 9/ })
  await t.rejects(bad((met, phone) => void (met.kind === 'ivr' && phone.press('1'))), { message: 'no line' })
})

void t.test('a list of moves', async (t) => {
  t.same(readMoves('1 2#, silence busy speak:2.5 wait:3 fail hang-up').map(({ kind }) => kind), ['press', 'press', 'silence', 'line', 'speak', 'wait', 'fail', 'hang-up'])
  t.throws(() => readMoves('1 shout'), { name: 'SyntaxError', message: /"shout" is no move/ })
  const hook = await listen({ '/': { ivr: '$/2.wav', repeat: 1, next: '$/n' }, '/n': { connect: '+46812345671', failed: { record: '$/r', silencedetection: 'no', next: '$/' } } })
  const call = async (words: string) => {
    const person = follow(readMoves(words))
    const report = await placeCall({ start: `${hook.base}/`, person })
    return [report.ended, report.seconds, person.left.length, person.mismatch]
  }
  t.same(await call('1'), ['caller', 0, 0, undefined], 'after the last word the caller hangs up')
  t.same(await call('busy'), ['caller', 0, 1, 'an ivr was met, but line comes next'])
  t.same(await call('1 2'), ['caller', 0, 1, 'a connect was met, but press comes next'])
  t.same(await call('1 failed 2'), ['caller', 60, 1, 'a record was met, but press comes next'])
  t.same(await call('wait:1 fail 1 wait:5 hang-up'), ['caller', 6, 0, undefined])
  t.same(await call('1 failed speak:8 #'), ['caller', 68, 0, undefined])
  t.same(await call('1 failed speak:8'), ['caller', 68, 0, undefined], '# is pressed without being told')
  await hook.close()
})

void t.test('several calls on one clock', async (t) => {
  const hook = await listen({ '/': { ivr: '$/2.wav', repeat: 1, next: '$/n' }, '/n': END })
  const clock = virtualClock(0)
  const reports = await Promise.all(['silence', 'wait:3 1', 'wait:7 2'].map((words) => placeCall({ start: `${hook.base}/`, person: follow(readMoves(words)), clock })))
  t.same(reports.map(({ seconds }) => seconds), [12, 3, 7])
  t.same(hook.posts.slice(3).map(({ form }) => form['result']), ['1', '2', 'failed'], 'in the order of their times')
  await hook.close()
})

void t.test('every event has words', async (t) => {
  const { report } = await dial(
    {
      '/': { play: '$/4.wav', skippable: false, next: { ivr: '$/none.mp3', repeat: 2, next: '$/n' } },
      '/n': { connect: '+46812345671', next: { record: '$/r', next: '$/gone' } },
    },
    'silence success speak:2',
    {
      onEvent: (event) => t.ok(describe(event)[1].length > 3, event.kind),
      misbehave: { repeat: ({ purpose }) => (purpose === 'record' ? 'late' : undefined) },
    },
  )
  const text = writeReport(report)
  t.match(text, /^00:04\.0 {2}carrier {3}silence instead of none\.mp3$/m)
  t.match(text, /^00:14\.0 {2}carrier {3}silence instead of none\.mp3, time 2$/m)
  t.match(text, /^00:24\.0 {2}carrier {3}rings \+46812345671 for 60 s, showing \+46701234567$/m)
  t.match(text, /^00:54\.0 {2}line {6}talked 30 s, ended by the callee$/m)
  t.match(text, /\(record again\)/)
  t.match(text, /call of 59 s, 5 requests, state success, ended by empty-reply\n$/)
})
