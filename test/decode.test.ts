/** What the carrier posts, read: whatever is in it, the rest is still understood. */
import fc from 'fast-check'
import t from 'tap'
import { decodeEnd, decodeForm } from '../src/carrier/decode.ts'

const form = (fields: Readonly<Record<string, string>>) => decodeForm(new URLSearchParams(fields).toString())
const NOTHING = { state: '', seconds: undefined, answeredBy: '', talkSeconds: 0 }

void t.test('the end of a call, as far as the carrier tells it', async t => {
  const leg = (to: string, duration: unknown, state = 'success'): object => ({ to, duration, state })
  const rows: [name: string, fields: Readonly<Record<string, string>>, expected: object][] = [
    ['nothing', {}, {}],
    ['nobody answered', { state: 'failed' }, { state: 'failed' }],
    ['a call', { state: 'success', duration: '95' }, { state: 'success', seconds: 95 }],
    ['no second', { state: 'success', duration: '0' }, { state: 'success', seconds: 0 }],
    ['odd durations', { duration: '-1' }, {}], ['and with a point', { duration: '9.5' }, {}], ['and in words', { duration: 'long' }, {}], ['and too long', { duration: '9'.repeat(10) }, {}],
    ['a state that is no word', { state: '<b>x</b>' }, {}], ['and one too long', { state: 'x'.repeat(21) }, {}],
    ['legs: who answered last, and all the talk', { legs: JSON.stringify([leg('+46701740601', 40), leg('+46701740602', 1, 'busy'), leg('+46701740603', 20)]) }, { answeredBy: '+46701740603', talkSeconds: 60 }],
    ['numbers as texts, and what is none', { legs: JSON.stringify([leg('+46701740601', '40'), leg('+46701740602', 'x'), leg('+46701740603', null)]) }, { answeredBy: '+46701740603', talkSeconds: 40 }],
    ['legs that nobody answered', { legs: JSON.stringify([leg('+46701740601', 0, 'failed')]) }, {}],
    ['legs that are no objects', { legs: '["+46701740601", 7, null, [], {"state":"success"}, {"state":"success","to":5}]' }, {}],
    ['legs that are no list', { legs: '{"to":"+46701740601","state":"success"}' }, {}], ['no JSON', { legs: '[{' }, {}], ['empty', { legs: '' }, {}],
    ['without legs, the actions tell who answered', { actions: JSON.stringify([{ play: 'x', result: 'ok' }, { connect: '+46701740601', result: 'failed' }, { connect: '+46701740602', result: 'success' }]) }, { answeredBy: '+46701740602' }],
    ['actions are asked only then', { legs: JSON.stringify([leg('+46701740601', 5)]), actions: JSON.stringify([{ connect: '+46701740602', result: 'success' }]) }, { answeredBy: '+46701740601', talkSeconds: 5 }],
    ['actions as texts', { actions: '["play", {"connect":["+46701740601"],"result":"success"}]' }, {}],
    ['what no number is', { legs: JSON.stringify([leg('+4670\n1740601 å', 5)]) }, { answeredBy: '+46701740601', talkSeconds: 5 }],
  ]
  for (const [name, fields, expected] of rows) t.strictSame(decodeEnd(form(fields)), { ...NOTHING, ...expected }, name)
  t.strictSame(decodeEnd(decodeForm('state=success&state=failed&duration=5&duration=9')), { ...NOTHING, state: 'success', seconds: 5 }, 'of a repeated field the first counts')
})

void t.test('law: whatever stands in the fields, it is read without an error, and nothing but what it can be comes out', async t => {
  const value = fc.oneof(fc.string(), fc.json(), fc.constantFrom('success', '9', '[]', '[{"state":"success","to":"+46701740601","duration":"9"}]'))
  fc.assert(fc.property(fc.record({ state: value, duration: value, legs: value, actions: value }), fields => {
    const { state, seconds, answeredBy, talkSeconds } = decodeEnd(form(fields))
    return /^[a-z-]{0,20}$/.test(state) && (seconds === undefined || Number.isInteger(seconds)) && /^[!-~]{0,40}$/.test(answeredBy) && Number.isInteger(talkSeconds)
  }))
  t.pass()
})
