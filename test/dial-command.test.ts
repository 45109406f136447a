/** Calls that we make: dialled from the command line, placed with the carrier, met by a flow with its values. */
import t from 'tap'
import { createSealer } from '../src/carrier/seal.ts'
import { openDial, sealDial } from '../src/carrier/dial-token.ts'
import { runCommand } from '../src/cli/commands.ts'
import { carrierApi, PASSWORD, USER } from './outbox/carrier-api.ts'
import { ask, run, until } from './serve/running.ts'
import type { Running } from './serve/running.ts'

const ALARM = `start: who
numbers: ["+46846500400"]
inputs: { who: text }
states:
  who: { route: [{ when: { value: "{{who}}", is: Anna }, goto: anna }, { goto: other }] }
  anna: { ivr: sound/dtmf/1, on: { 1: other, noinput: end, nomatch: end } }
  other: { play: sound/dtmf/2, next: end }
`

const DESK = `start: desk
inputs: { desk: number }
states:
  desk: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: sound/dtmf/3, next: end }
`

async function command(server: Running | undefined, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const status = await runCommand(['dial', ...args], { stdout: { write: (text: string) => { out += text } }, stderr: { write: (text: string) => { err += text } }, stdin: (async function * () { yield '' })(), env: { TONVAL_ADMIN: server?.admin ?? '127.0.0.1:1' }, cwd: '.' })
  return { status, out, err }
}

void t.test('the token of a call that we make', async t => {
  const sealer = createSealer(['the secret of these tests'])
  const now = Date.UTC(2026, 10, 23)
  const dialled = { flow: 'alarm', with: { who: 'Åsa, "x"' }, unanswered: { flow: 'next', with: { n: '2' } } }
  const token = sealDial(sealer, dialled, now)
  t.strictSame(openDial(sealer, token, now), dialled)
  t.strictSame(openDial(sealer, sealDial(sealer, { flow: 'alarm', with: {} }, now), now + 47 * 3_600_000), { flow: 'alarm', with: {} })
  t.equal(openDial(sealer, token, now + 49 * 3_600_000), undefined)
  t.equal(openDial(sealer, `${token.slice(0, -2)}AA`, now), undefined)
  t.equal(openDial(sealer, sealer.seal('call', 'x'), now), undefined)
})

void t.test('dialled, answered, or not', { timeout: 120_000 }, async t => {
  const carrier = await carrierApi()
  const server = await run({ files: { 'alarm.yaml': ALARM, 'noline.yaml': ALARM.replace(/numbers.*\n/, ''), 'desk.yaml': DESK }, args: ['--public-url', 'https://voice.example'], env: { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD, ELKS_API: carrier.base } })
  t.teardown(async () => {
    await server.stop()
    await carrier.close()
  })
  const here = (address: string | undefined): string => (address ?? '').replace('https://voice.example', server.voice)
  t.match(await command(server, 'alarm', '+46701740601', '--with', 'who=Anna'), { status: 0, out: /^it rings: call c[0-9a-f]{32}\n$/ })
  const [placed] = carrier.sent
  t.match(placed, { what: 'calls', fields: { from: '+46846500400', to: '+46701740601', voice_start: /^https:\/\/voice\.example\/voice\/alarm\/[\w-]+$/, whenhangup: /^https:\/\/voice\.example\/hangup\/[\w-]+$/ } })
  const outgoing = `callid=${placed?.id}&from=%2B46846500400&to=%2B46701740601&direction=outgoing&result=newoutgoing`
  const answered = await ask(here(placed?.fields['voice_start']), { body: outgoing })
  t.match(answered, { status: 200, json: { ivr: 'sound/dtmf/1', whenhangup: String } }, 'the values that it begins with')
  t.match((await ask(here(String(answered.json['next'])), { body: `callid=${placed?.id}&result=1` })).json, { play: 'sound/dtmf/2' })
  t.match(server.steps[0]?.first, { caller: '+46846500400', called: '+46701740601', direction: 'outgoing' })
  t.equal((await ask(here(placed?.fields['voice_start']).replace('/alarm/', '/noline/'), { body: outgoing })).status, 403, 'for that flow alone')
  t.equal((await ask(here(answered.json['whenhangup'] as string), { body: `id=${placed?.id}&state=success` })).status, 204)

  const json = await command(server, 'noline', '+46701740602', '--from', '+46846500401', '--format', 'json')
  t.match(json, { status: 0 })
  t.match(JSON.parse(json.out), { version: 1, flow: 'noline', call: carrier.sent[1]?.id })
  t.equal(carrier.sent[1]?.fields['from'], '+46846500401')
  t.match(await ask(here(carrier.sent[1]?.fields['voice_start']), { body: 'result=newoutgoing' }), { status: 200, json: { play: 'sound/dtmf/2' } })
  t.equal((await ask(here(carrier.sent[1]?.fields['whenhangup']), { body: 'id=c9&state=failed' })).status, 204)
  t.match(await until('the log says so', () => server.lines.find(line => line['msg'] === 'call not answered')), { call: 'c9', flow: 'noline', state: 'failed' })
  t.equal((await ask(`${server.voice}/hangup/${'A'.repeat(60)}`, { body: 'id=c9' })).status, 403)

  t.match(await command(server, 'desk', '+46701740604', '--from', '+46846500401', '--with', 'desk=+46701740609'), { status: 0 })
  t.match((await ask(here(carrier.sent[2]?.fields['voice_start']), { body: 'callid=c3&result=newoutgoing&direction=outgoing' })).json, { connect: '+46701740609' }, 'an input that must be given')

  const refused: [args: string[], status: number, says: RegExp][] = [
    [['alram', '+46701740601'], 1, /did you mean `alarm`/], [['alarm', '070-1740601'], 1, /plus sign/], [['alarm', '+46900123456'], 1, /premium/], [['alarm', '+442079460411'], 1, /not among \+46/], [['noline', '+46701740601'], 1, /say in `from`/],
    [['alarm', '+46701740601', '--from', '08'], 1, /`from` is no number/], [['alarm', '+46701740601', '--with', 'woh=Anna'], 1, /did you mean `who`/], [['alarm', '+46701740601', '--with', `who=${'x'.repeat(700)}`], 1, /more than 600 bytes/],
    [['desk', '+46701740601', '--from', '+46846500401'], 1, /without its inputs/],
    [['alarm'], 2, /whom to ring/], [['alarm', '+46701740601', '+46701740602'], 2, /one number/], [['alarm', '+46701740601', '--with', 'Anna'], 2, /no NAME=VALUE/],
  ]
  for (const [args, status, says] of refused) t.match(await command(server, ...args), { status, err: says }, args.join(' ').slice(0, 80))
  carrier.faults.push(403)
  carrier.refusal = 'Invalid to number'
  t.match(await command(server, 'alarm', '+46701740603'), { status: 1, err: /Invalid to number/ })
  t.equal(carrier.sent.length, 3)
  t.match(await command(server, '--help'), { status: 0, out: /Usage: tonval dial/ })
  t.match(await command(undefined, 'alarm', '+46701740601'), { status: 3, err: /no server answers/ })
  for (const body of ['null', '[]', '{"flow":1}', '{"flow":"alarm","number":"+46701740601","with":[1]}']) t.equal((await ask(`${server.admin}/api/calls`, { body, headers: { 'content-type': 'application/json' } })).status, 422, body)
  t.equal((await ask(`${server.admin}/api/calls`, { body: '{}', headers: { 'content-type': 'application/json', origin: 'https://evil.example' } })).status, 403)
})

void t.test('what a server needs for that', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'alarm.yaml': ALARM } })
  t.teardown(() => server.stop())
  t.match(await command(server, 'alarm', '+46701740601'), { status: 1, err: /set ELKS_USERNAME and ELKS_PASSWORD/ })
  const local = await run({ files: { 'alarm.yaml': ALARM }, env: { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD } })
  t.teardown(() => local.stop())
  t.match(await command(local, 'alarm', '+46701740601'), { status: 1, err: /set --public-url/ })
})
