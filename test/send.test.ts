/** What steps send: items filled in with the values of the call, each under a key of its own. Nothing is stored here. */
import t from 'tap'
import { END } from '../src/compile/flow.ts'
import type { Flow } from '../src/compile/flow.ts'
import { OF_ENDED, OF_RECORDING } from '../src/compile/items.ts'
import { awaitsEnd, itemsAtEnd, itemsOfRecording, ofWhole } from '../src/run/afterwards.ts'
import type { Item } from '../src/run/effect.ts'
import type { Step } from '../src/run/step.ts'
import { checkText, flowIn, linkedIn, NOW, walk } from './flow-in-text.ts'

const sending = (items: string, more = '', next = 'bye'): string => `start: tell\n${more}states:\n  tell:\n    send: ${items}\n    next: ${next}\n  bye: { play: bye.mp3, next: end }\n`
const sent = (flow: Flow, forms: readonly string[] = [], first = {}): readonly Item[] => walk(flow, forms, first).flatMap(step => step.effects ?? [])
/** An item without what every item has. */
const own = ({ key: _key, item: _item, flow: _flow, call: _call, state: _state, ...rest }: Item): object => rest
const SMS = '{ sms: { to: "{{caller}}", from: Example, text: "Hi {{caller | last4}}" } }'

void t.test('each kind of item, filled in', async t => {
  const rows: [name: string, items: string, expected: readonly object[], more?: string][] = [
    ['an sms', SMS, [{ kind: 'sms', to: '+46701740699', from: 'Example', text: 'Hi 0699' }]],
    ['several recipients, each once, and who is no number left out', '{ sms: { to: ["{{caller}}", "+46701740605", "+46701740605", "{{call.id}}"], from: "+46846500400", text: x } }', [
      { kind: 'sms', to: '+46701740699', from: '+46846500400', text: 'x' }, { kind: 'sms', to: '+46701740605', from: '+46846500400', text: 'x' },
    ]],
    ['a value that holds several', '{ sms: { to: "{{all}}", from: Example, text: x } }', [
      { kind: 'sms', to: '+46701740605', from: 'Example', text: 'x' }, { kind: 'sms', to: '+46701740606', from: 'Example', text: 'x' },
    ], 'vars: { all: "+46701740605, +46701740606" }\n'],
    ['an e-mail, whose subject is one line', '{ email: { to: [a@example.com, b@example.com], subject: "Call\\nfrom {{caller}}", text: "at {{time}}" } }', [
      { kind: 'email', to: 'a@example.com', subject: 'Call from +46701740699', text: 'at 14:05' }, { kind: 'email', to: 'b@example.com', subject: 'Call from +46701740699', text: 'at 14:05' },
    ], 'timezone: Europe/Stockholm\n'],
    ['json: numbers and truth values stay, values are escaped', '{ post: { url: "https://crm.example/{{caller}}", json: { n: 1, yes: true, no: "1", who: "{{quoted}}", list: ["{{flow}}", null] }, headers: { X-Api-Key: "{{quoted}}" } } }', [
      { kind: 'post', url: 'https://crm.example/%2B46701740699', json: { n: 1, yes: true, no: '1', who: 'say "x"\\', list: ['test', null] }, headers: { 'x-api-key': 'say "x"\\' } },
    ], 'vars: { quoted: "say \\"x\\"\\\\" }\n'],
    ['a form with the recording', '{ post: { url: "https://crm.example/", form: { phone: "{{caller}}" }, attach: recording } }', [
      { recording: {}, kind: 'post', url: 'https://crm.example/', form: { phone: '+46701740699' }, attach: 'recording' },
    ]],
    ['a test that holds, and one that does not', `[{ sms: { to: "{{caller}}", from: Example, text: yes }, when: { caller: "+4670*" } }, { sms: { to: "{{caller}}", from: Example, text: no }, when: { caller: "+4671*" } }]`, [
      { kind: 'sms', to: '+46701740699', from: 'Example', text: 'yes' },
    ]],
    ['once in so many hours', '{ sms: { to: "{{caller}}", from: Example, text: x }, once_per: { hours: 24 } }', [{ oncePer: { hours: 24 }, kind: 'sms', to: '+46701740699', from: 'Example', text: 'x' }]],
    ['by a name of messages', 'sorry', [{ kind: 'sms', to: '+46701740699', from: 'Example', text: 'Hi 0699' }], `messages: { sorry: ${SMS} }\n`],
  ]
  for (const [name, items, expected, more] of rows) t.same(sent(flowIn(sending(items, more))).map(own), expected, name)
})

void t.test('a caller without a number gets nothing', async t => {
  for (const caller of ['', 'anonymous', '112', 'sip:x@example.com']) t.same(sent(flowIn(sending(SMS)), [], { caller }), [], caller)
})

void t.test('where an item stands, and whose it is', async t => {
  const flow = flowIn(sending(`[${SMS}, ${SMS}]`))
  t.same(sent(flow).map(({ item, flow: name, call, state }) => [item, name, call, state]), [['tell.send.0', 'test', 'c0123456789abcdef0123456789abcdef', 'tell'], ['tell.send.1', 'test', 'c0123456789abcdef0123456789abcdef', 'tell']])
  t.same(sent(flowIn(sending('sorry', `messages: { sorry: [${SMS}] }\n`))).map(item => item.item), ['messages.sorry.0'])
  t.same(sent(flowIn('start: menu\nstates:\n  menu: { ivr: menu.mp3, on: { 1: { send: ' + SMS + ', next: end }, noinput: end, nomatch: end, failed: end } }\n'), ['1']).map(item => item.item), ['menu.on.1.send.0'])
})

void t.test('keys: the same for a repeated request, another for every other place', async t => {
  const flow = linkedIn(`start: tell\nstates:\n  tell: { send: [${SMS}, ${SMS}], next: ask }\n  ask: { ivr: ask.mp3, on: { 1: tell, noinput: end, nomatch: end, failed: end } }\n`)
  const keys = (): string[] => sent(flow, ['1', '1']).map(item => item.key)
  t.equal(keys().length, 6)
  t.equal(new Set(keys()).size, 6)
  t.same(keys(), keys(), 'the same request again')
  const other = sent(flow, [], { id: 'cother' }).map(item => item.key)
  t.notOk(other.some(key => keys().includes(key)), 'another call')
})

void t.test('a flow that sends nothing says nothing of it', async t => {
  t.notOk('effects' in (walk(flowIn('start: bye\nstates: { bye: { play: bye.mp3, next: end } }\n'), [])[0] as Step))
})

void t.test('what a sensitive ivr saved marks every item that holds it', async t => {
  const text = (value: string): string => `start: ask
states:
  ask: { ivr: ask.mp3, digits: 4, save: pin, sensitive: true, next: copy, on: { noinput: bye, nomatch: bye, failed: bye } }
  copy: { set: { made: "x{{pin}}", other: "y" }, next: tell }
  tell: { send: { sms: { to: "+46701740605", from: Example, text: "{{${value}}}" } }, next: bye }
  bye: { play: bye.mp3, next: end }
`
  for (const [value, marked] of [['pin', true], ['made', true], ['digits', true], ['other', undefined], ['caller', undefined]] as const) {
    t.equal(sent(linkedIn(text(value)), ['1234'])[0]?.sensitive, marked, value)
  }
})

void t.test('what is kept of another flow that was sensitive there', async t => {
  const main = 'start: pin\nstates:\n  pin: { flow: ask, save: { card: entered }, on: { ok: tell } }\n  tell: { send: { sms: { to: "+46701740605", from: Example, text: "{{card}}" } }, next: end }\n'
  const ask = 'start: ask\nexits: [ok]\nstates:\n  ask: { ivr: ask.mp3, digits: 4, save: entered, sensitive: true, next: out, on: { noinput: out, nomatch: out, failed: out } }\n  out: { exit: ok }\n'
  t.equal(sent(flowIn(main, { flows: { ask } }), ['1234'])[0]?.sensitive, true)
})

const ENDED = { state: 'success', seconds: 95, answeredBy: '+46701740605', talkSeconds: 40 }

void t.test('on_hangup: of the flow that answered, with the newest values', async t => {
  const other = 'start: there\non_hangup: { sms: { to: "+46701740606", from: Example, text: "of the other" } }\nstates:\n  there: { set: { word: gone }, next: wait }\n  wait: { play: wait.mp3, next: end }\n'
  const main = `start: ask
on_hangup:
  - post: { url: "https://crm.example/", json: { word: "{{word}}", by: "{{call.answered_by}}", talk: "{{call.talk_seconds}}", took: "{{call.seconds | duration}}", how: "{{call.state}}", flow: "{{flow}}" } }
  - sms: { to: "{{caller}}", from: Example, text: "only when nobody answered" }
    when: { value: "{{call.answered_by}}", empty: true }
states:
  ask: { ivr: ask.mp3, save: word, next: away, on: { noinput: away, nomatch: away, failed: away } }
  away: { flow: other }
`
  const flow = flowIn(main, { flows: { other } })
  const at = (count: number): readonly Item[] => {
    const last = walk(flow, ['7', 'ok'].slice(0, count)).at(-1) as Step
    return itemsAtEnd(flow, last.call, ENDED, NOW + 60_000)
  }
  const json = (word: string): object[] => [{ kind: 'post', url: 'https://crm.example/', json: { word, by: '+46701740605', talk: '40', took: '1m35s', how: 'success', flow: 'test' } }]
  t.same(at(0).map(own), json(''), 'before anything was entered')
  t.same(at(1).map(own), json('7'), 'in the flow that the call has gone to, too')
  t.same(at(0).map(item => item.key), at(1).map(item => item.key), 'one call is over once, whichever of its addresses is told')
  const last = walk(flow, []).at(-1) as Step
  t.same(itemsAtEnd(flow, last.call, { state: 'failed', seconds: undefined, answeredBy: '', talkSeconds: 0 }, NOW).map(item => item.kind), ['post', 'sms'])
  t.equal((itemsAtEnd(flow, last.call, { state: 'failed', seconds: undefined, answeredBy: '', talkSeconds: 0 }, NOW)[0] as { json: { took: string } }).json.took, '0s', 'a call that nobody answered lasted no second')
})

const RECORDED = { id: 'c0-r0', url: 'https://t.example/recordings/k/c0-r0.wav', seconds: 9, created: '2026-03-02T13:05:00' }

void t.test('deliver: of a record, of a talk, of the whole call', async t => {
  const text = `start: voicemail
recordcall: { deliver: { email: { to: all@example.com, subject: "All of {{caller}}" } } }
states:
  voicemail:
    record: leave-a-message.mp3
    deliver: { email: { to: desk@example.com, subject: "{{recording.seconds | duration}} from {{caller}}", text: "{{recording.url}} {{recording.id}} {{recording.created}} {{state}}", attach: recording } }
    next: end
`
  const flow = flowIn(text)
  const made = walk(flow, [])[0] as Step
  t.equal(made.reply.recordcall, true, 'the whole call, from its first action on')
  t.same(itemsOfRecording(flow, made.call, RECORDED, NOW).map(own), [{
    recording: { id: 'c0-r0' }, kind: 'email', to: 'desk@example.com', subject: '9s from +46701740699', text: `${RECORDED.url} c0-r0 2026-03-02T13:05:00 voicemail`, attach: 'recording',
  }])
  t.same(itemsOfRecording(flow, { ...made.call, state: END }, RECORDED, NOW).map(own), [{ recording: { id: 'c0-r0' }, kind: 'email', to: 'all@example.com', subject: 'All of +46701740699', text: '' }])
  const two = [RECORDED, { ...RECORDED, id: 'c0-r1' }].flatMap(one => itemsOfRecording(flow, made.call, one, NOW)).map(item => item.key)
  t.equal(new Set(two).size, 2, 'each recording has its own')
  const talk = flowIn('start: ring\nstates:\n  ring: { connect: "+46701740605", recordcall: true, deliver: { email: { to: desk@example.com, subject: "{{recording.id}}" } }, on: { failed: end } }\n')
  const rung = walk(talk, [])[0] as Step
  t.equal(rung.reply.recordcall, undefined)
  t.match(rung.reply.actions[0], { do: 'connect', recordcall: true })
  t.same(itemsOfRecording(talk, rung.call, RECORDED, NOW).map(own), [{ recording: { id: 'c0-r0' }, kind: 'email', to: 'desk@example.com', subject: 'c0-r0', text: '' }])
})

void t.test('what is known of the call with its recording, and of the recording at the end of the call', async t => {
  const flow = flowIn(`start: voicemail
recordcall: { deliver: { email: { to: all@example.com, subject: "{{call.state}} {{call.talk_seconds}} {{call.answered_by}} {{call.seconds}}" }, when: { value: "{{call.talk_seconds}}", above: 5 } } }
on_hangup: { email: { to: end@example.com, subject: "{{recording.id | default: \\"none\\"}} {{recording.seconds}}", text: "{{recording.url}} {{recording.created}}" } }
states:
  voicemail: { record: leave-a-message.mp3, deliver: { email: { to: desk@example.com, subject: "{{recording.id}}" } }, next: end }
`.replaceAll('\\\\', '\\'))
  const { call } = walk(flow, [])[0] as Step
  const ended = { state: 'success', seconds: 95, answeredBy: '+46701740605', talkSeconds: 40 }
  t.equal(flow.atEnd, true)
  t.equal(awaitsEnd(flow), true)
  t.match(itemsOfRecording(flow, ofWhole(call), RECORDED, NOW, undefined, ended), [{ subject: 'success 40 +46701740605 95' }])
  t.strictSame(itemsOfRecording(flow, ofWhole(call), RECORDED, NOW, undefined, { ...ended, talkSeconds: 5 }), [])
  t.match(itemsAtEnd(flow, call, ended, NOW, undefined, RECORDED), [{ subject: 'c0-r0 9', text: `${RECORDED.url} 2026-03-02T13:05:00` }])
  t.match(itemsAtEnd(flow, call, ended, NOW), [{ subject: 'none', text: ' ' }])
  const other = flowIn('start: s\nrecordcall: { deliver: { email: { to: a@example.com, subject: "{{recording.id}}" } } }\nstates: { s: { play: s.mp3, next: end } }\n')
  t.strictSame([other.atEnd, awaitsEnd(other)], [false, false])

  const codes = (where: string, value: string): readonly string[] => checkText(where.replace('VALUE', value)).problems.filter(one => one.severity === 'error').map(one => `${one.code}: ${one.message}`)
  const ITEM = '{ email: { to: a@example.com, subject: "{{VALUE}}" } }'
  const places: [name: string, text: string, recording: boolean, call: boolean][] = [
    ['deliver of a record', `start: s\nstates: { s: { record: s.mp3, deliver: ${ITEM}, next: end } }\n`, true, false],
    ['deliver of a connect', `start: s\nstates: { s: { connect: "+46846500411", recordcall: true, deliver: ${ITEM}, on: { failed: end } } }\n`, true, false],
    ['recordcall', `start: s\nrecordcall: { deliver: ${ITEM} }\nstates: { s: { play: s.mp3, next: end } }\n`, true, true],
    ['on_hangup', `start: s\non_hangup: ${ITEM}\nstates: { s: { play: s.mp3, next: end } }\n`, true, true],
    ['a message of on_hangup', `start: s\nmessages: { m: ${ITEM} }\non_hangup: m\nstates: { s: { play: s.mp3, next: end } }\n`, true, true],
    ['a message of a record', `start: s\nmessages: { m: ${ITEM} }\nstates: { s: { record: s.mp3, deliver: m, next: end } }\n`, true, false],
    ['send', `start: s\nstates: { s: { send: ${ITEM}, next: end } }\n`, false, false],
    ['set', 'start: s\nstates: { s: { set: { x: "{{VALUE}}" }, next: end } }\n', false, false],
    ['an address', 'start: s\nstates: { s: { play: "https://x.example/{{VALUE}}.mp3", next: end } }\n', false, false],
  ]
  for (const [name, text, recording, call] of places) {
    for (const value of OF_RECORDING) t.strictSame(codes(text, value), recording ? [] : [`undefined-value: \`${value}\` is known only in \`deliver\` and in \`on_hangup\``], `${value} in ${name}`)
    for (const value of OF_ENDED) t.strictSame(codes(text, value), call ? [] : [`undefined-value: \`${value}\` is known only in \`on_hangup\`, and in the \`deliver\` of \`recordcall\``], `${value} in ${name}`)
  }
})

void t.test('only the first action carries the recording of the whole call, and no hang-up does', async t => {
  const flow = flowIn('start: hi\nrecordcall: { deliver: { email: { to: a@example.com, subject: x } } }\nstates:\n  hi: { ivr: hi.mp3, on: { 1: bye, noinput: end, nomatch: end, failed: end } }\n  bye: { play: bye.mp3, next: end }\n')
  t.same(walk(flow, ['1']).map(step => step.reply.recordcall), [true, undefined])
  const refused = flowIn('start: no\nrecordcall: { deliver: { email: { to: a@example.com, subject: x } } }\nstates: { no: { hangup: busy } }\n')
  t.equal(walk(refused, [])[0]?.reply.recordcall, undefined)
})

void t.test('a call that is placed', async t => {
  const back = 'start: hi\ninputs: { number: number, greeting: prompt, word: text }\nstates:\n  hi: { play: "{{greeting}}", next: ring }\n  ring: { connect: "{{number}}", on: { failed: end } }\n'
  const missed = 'start: tell\ninputs: { who: text }\nstates:\n  tell: { send: { sms: { to: "+46701740606", from: Example, text: "{{who}}" } }, next: end }\n'
  const text = sending('{ call: { to: ["+46701740605", "+46701740606"], flow: back, with: { number: "{{caller}}", greeting: "sound/beep", word: "{{caller | last4}}" }, after: 60, timeout: 20, unanswered: { flow: missed, with: { who: "{{caller}}" } } } }')
  const placed = { kind: 'call', from: '+46846500400', runs: 'back', with: { number: '+46701740699', greeting: 'sound/beep', word: '0699' }, after: 60, timeout: 20, unanswered: { flow: 'missed', with: { who: '+46701740699' } } }
  const flow = flowIn(text, { flows: { back, missed } })
  t.same(sent(flow).map(own), [{ ...placed, to: '+46701740605' }, { ...placed, to: '+46701740606' }])
  t.same(sent(flow, [], { direction: 'outgoing', caller: '+46846500400', called: '+46701740699' }).map(item => 'from' in item ? item.from : ''), ['+46846500400', '+46846500400'], 'in a call that we make, our line is the one that calls')
})
