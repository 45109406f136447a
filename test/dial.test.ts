/** What may be rung: numbers told apart, refused in calls as in the outbox, and caps on how much. */
import fc from 'fast-check'
import t from 'tap'
import { callingCode, countriesOf, isAllowed, refusal } from '../src/compile/dialable.ts'
import { createDialGuard } from '../src/outbox/dial-guard.ts'
import { step } from '../src/run/step.ts'
import type { Dial } from '../src/run/world.ts'
import { checkText, eventOf, flowIn, NOW, replyText, walk } from './flow-in-text.ts'
import { ask, FIRST, run } from './serve/running.ts'

const HOUR = 3_600_000

void t.test('numbers', async t => {
  const rows: [number: string, allow: string[], refused: ReturnType<typeof refusal>][] = [
    ['+46701740601', [], undefined], ['+46701740601', ['+46'], undefined], ['+46701740601', ['+45', '+4670'], undefined], ['+46701740601', ['+45', '+4671'], 'elsewhere'], ['+46701740601', ['+'], undefined],
    ['+46900123456', [], 'premium'], ['+46939123456', ['+46'], 'premium'], ['+46944123456', [], 'premium'], ['+4699123456', [], 'premium'], ['+4790012345', [], undefined], ['+4782012345', [], 'premium'], ['+4590123456', [], 'premium'],
    ['+4981512345', [], undefined], ['+49900123456', [], 'premium'], ['+442079460411', [], undefined], ['+447911123456', [], undefined], ['+447000123456', [], 'premium'], ['+448712345678', [], 'premium'], ['+449012345678', [], 'premium'],
    ['+12125550100', [], undefined], ['+19005550100', [], 'premium'], ['+19075550100', [], undefined], ['+33891234567', [], 'premium'], ['+33612345678', [], undefined], ['+390612345678', [], undefined], ['+39899123456', [], 'premium'],
    ['+881612345678', [], 'premium'], ['+87077712345', [], 'premium'], ['+97912345678', [], 'premium'], ['+972512345678', [], undefined], ['+882161234567', ['+'], 'premium'],
    ['+46112112', [], undefined], ['+460112', [], 'emergency'], ['+4690000', [], 'emergency'], ['+4611414', ['+46'], 'emergency'], ['+358112', [], 'emergency'], ['+3580112', [], 'emergency'], ['+1911', [], 'emergency'], ['+119115550100', [], undefined],
    ['sip:desk@pbx.example', ['+46'], undefined], ['sips:+46900123456@pbx.example', ['+46'], undefined],
  ]
  for (const [number, allow, refused] of rows) t.equal(refusal(number, allow), refused, `${number} ${allow.join()}`)
  const codes: [number: string, code: string][] = [['+46701740601', '+46'], ['+358401234567', '+358'], ['+12125550100', '+1'], ['+79161234567', '+7'], ['+4581234567', '+45'], ['+35312345678', '+353'], ['+972512345678', '+972'], ['+998712345678', '+998'], ['+8613812345678', '+86'], ['+8801712345678', '+880'], ['+27821234567', '+27'], ['+2348012345678', '+234'], ['+420601123456', '+420'], ['+5511987654321', '+55'], ['+5939876543210', '+593']]
  for (const [number, code] of codes) t.equal(callingCode(number), code, number)
  t.strictSame(countriesOf(['+46701740601', 'sip:x@y', '+4681234567', '+4512345678']), ['+45', '+46'])
  fc.assert(fc.property(fc.stringMatching(/^\+[1-9][0-9]{6,14}$/), number => number.startsWith(callingCode(number)) && isAllowed(number, countriesOf([number]))))
})

const VALUE = `start: ask
numbers: ["+46846500400"]
lists: { crew: ["+46701740643", "+442079460411"] }
states:
  ask: { ivr: sound.wav, digits: 15, min: 4, save: n, next: ring, on: { noinput: end, nomatch: end, failed: end } }
  ring: { connect: "+{{n}}", callerid: "+{{n}}", on: { failed: fixed } }
  fixed: { connect: ["+46701740601", "+442079460412"], callerid: caller, on: { failed: crew } }
  crew: { connect: { list: crew }, order: in-turn, on: { failed: none } }
  none: { connect: "+442079460411", on: { failed: bye } }
  bye: { play: sound/beep, next: end }
`

void t.test('a call rings nothing else, and goes on as if nobody had answered', async t => {
  const flow = flowIn(VALUE)
  const said = (digits: string, dial: Dial | undefined, reports: string[] = []): string[] => walk(flow, [digits, ...reports], {}, { switches: new Map(), ...(dial === undefined ? {} : { dial }) }).map(made => `${replyText(made.reply)}${made.rings === true ? ' counted' : ''}`).slice(1)
  const home: Dial = { allow: ['+46'], spent: false }
  t.match(said('46701740699', home), [/^connect \+46701740699 .*counted$/])
  t.match(said('442079460499', home), [/^connect \+46701740601 /], 'the first that may be rung of the next state, and nothing is counted')
  t.notMatch(said('442079460499', home).join(), /442079|counted/)
  t.match(said('442079460499', undefined), [/^connect \+442079460499 /], 'where nobody says which')
  for (const number of ['46900123456', '881612345678', '460112']) t.notMatch(said(number, undefined).join(), number, 'never')
  t.match(said('46701740699', { ...home, spent: true }), [/^connect \+46701740601 /], 'when too much has gone out, numbers out of values are not rung; the flow\'s own are')
  t.match(said('442079460499', home, ['failed', 'failed']), [/^connect \+46701740601 /, /^connect \+46701740643 /, /^play sound\/beep/], 'of a list only those; a fixed one neither')
})

void t.test('lint tells of what is written in the file', async t => {
  const codes = (text: string): string[] => checkText(text).problems.map(problem => problem.code).filter(code => /number/.test(code))
  const flow = (number: string, numbers = 'numbers: ["+46846500400"]\n'): string => `start: s\n${numbers}states:\n  s: { connect: "${number}", on: { failed: b } }\n  b: { play: b.mp3, next: end }\n`
  t.strictSame(codes(flow('+442079460411')), ['number-not-allowed'])
  t.strictSame(codes(flow('+442079460411', '')), [], 'no line tells the country')
  t.strictSame(codes(flow('+46900123456')), ['premium-number'])
  t.strictSame(codes(flow('+46701740601')), [])
  const sends = (item: string, where = 'send'): string => `start: s\nnumbers: ["+46846500400"]\nmessages: { m: ${where === 'messages' ? item : '{ email: { to: a@example.com, subject: x } }'} }\n${where === 'on_hangup' ? `on_hangup: [${item}]\n` : ''}states:\n  s: { send: ${where === 'send' ? item : 'm'}, next: b }\n  b: { play: b.mp3, next: end }\n`
  for (const where of ['send', 'messages', 'on_hangup']) {
    for (const [to, expected] of [['"+442079460411"', ['number-not-allowed']], ['["+46701740601", "+442079460411"]', ['number-not-allowed']], ['"+46701740601"', []], ['"{{caller}}"', []], ['"+46900123456"', ['premium-number']]] as const) {
      t.strictSame(codes(sends(`{ sms: { to: ${to}, from: Example, text: x } }`, where)), expected, `sms ${to} in ${where}`)
      t.strictSame(codes(sends(`{ call: { to: ${to}, flow: test } }`, where)), expected, `call ${to} in ${where}`)
    }
  }
})

void t.test('caps', async t => {
  const alarms: string[] = []
  const guard = createDialGuard({ allow: () => [], limits: { caller: 10, day: 40 }, alarm: (_text, { caller, count }) => alarms.push(`${caller ?? 'all'} ${count}`) })
  const spend = (count: number, caller: string, now: number): number => Array.from({ length: count }, (_, index) => guard.spend(`${caller}${now}${index}`, caller, now)).filter(why => why !== undefined).length
  t.equal(spend(7, '+46701740601', 0), 0)
  t.strictSame(alarms, [])
  t.equal(spend(5, '+46701740601', 1), 2)
  t.strictSame(alarms, ['***0601 8'], 'once, before it bites')
  t.equal(guard.isSpent('+46701740601', 1), true)
  t.equal(guard.isSpent('+46701740602', 1), false)
  t.equal(spend(20, 'anonymous', 2), 0, 'those who hide are no single caller')
  t.equal(guard.spend('anonymous20', 'anonymous', 2), undefined, 'one that was counted, once more')
  t.equal(spend(1, '+46701740601', HOUR), 0, 'an hour after the first')
  t.equal(spend(20, 'anonymous', HOUR + 1), 11, 'the day counts all')
  t.match(alarms, ['***0601 8', 'all 32'])
  t.match(guard.spend('x', '+46701740603', HOUR + 2), /TONVAL_DIAL_DAY/)
  t.equal(guard.spent, 40)
  t.equal(guard.spend('y', '+46701740603', 25 * HOUR + 5), undefined, 'a day later')
  const again = createDialGuard({ allow: () => [], limits: { caller: 2, day: 0 }, alarm: () => undefined })
  again.remember([{ id: 'a', caller: '+46701740601', at: HOUR }, { id: 'b', caller: '+46701740601', at: 0 }])
  t.equal(again.isSpent('+46701740601', HOUR - 1), true, 'what earlier servers sent counts')
  t.equal(again.isSpent('+46701740601', HOUR + 1), false)
  t.equal(again.spend('a', '+46701740601', HOUR + 1), undefined, 'a request that is repeated to the next server')
  t.equal(again.spent, 2)
  t.equal(again.spend('c', '+46701740601', HOUR + 1), undefined)
  again.takeBack('c', '+46701740601')
  t.equal(again.spent, 2, 'what does not go out after all')
  t.equal(again.spend('c', '+46701740601', HOUR + 1), undefined, 'nor when its request is repeated')
  t.equal(again.isSpent('+46701740601', HOUR + 1), false)
  const free = createDialGuard({ allow: () => [], limits: { caller: 0, day: 0 }, alarm: () => undefined })
  t.equal(Array.from({ length: 5000 }, (_, index) => free.spend(String(index), '+46701740601', 1)).filter(why => why !== undefined).length, 0)
})

void t.test('a server rings the countries of its lines, and counts', { timeout: 120_000 }, async t => {
  const files = { 'menu.yaml': VALUE }
  const ring = async (server: Awaited<ReturnType<typeof run>>, digits: string): Promise<unknown> => {
    const first = await server.call('menu', FIRST)
    return (await ask(String(first.json['next']), { body: `result=${digits}&from=%2B46701740699` })).json['connect']
  }
  const home = await run({ files, env: { TONVAL_DIAL_CALLER: '3' } })
  t.teardown(() => home.stop())
  t.equal(await ring(home, '442079460499'), '+46701740601')
  for (const expected of ['+46701740698', '+46701740698', '+46701740698', '+46701740601']) t.equal(await ring(home, '46701740698'), expected)
  t.match(home.lines.find(line => String(line['msg']).includes('TONVAL_DIAL_CALLER')), { level: 40, caller: '***0699', count: 3, limit: 3 })
  const abroad = await run({ files, env: { TONVAL_DIAL_ALLOW: '+46,+44' } })
  t.teardown(() => abroad.stop())
  t.equal(await ring(abroad, '442079460499'), '+442079460499')
  t.equal((await ask(`${abroad.admin}/api/flows/menu`, { method: 'GET' })).json['problems'] instanceof Array, true)
})

void t.test('what was rung is the same when a request is repeated', async t => {
  const flow = flowIn(VALUE)
  const [first] = walk(flow, [], {})
  const again = [1, 2].map(() => replyText(step(flow, (first as NonNullable<typeof first>).call, eventOf('46701740699'), NOW, { switches: new Map(), dial: { allow: ['+46'], spent: false } }).reply))
  t.equal(again[0], again[1])
})
