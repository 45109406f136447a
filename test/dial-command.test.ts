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

const ALL = `start: hi
inputs: { desk: number, wait: seconds, greeting: prompt, who: text }
states:
  hi: { play: "{{greeting}}", next: ring }
  ring: { connect: "{{desk}}", timeout: "{{wait}}", on: { failed: bye } }
  bye: { play: sound/dtmf/3, next: end }
`

const BACK = 'start: hi\nexits: [ok]\nstates:\n  hi: { play: sound/dtmf/1, next: out }\n  out: { exit: ok }\n'
const RUNS = 'start: hi\nstates:\n  hi: { flow: back, on: { ok: bye, failed: bye } }\n  bye: { play: sound/dtmf/2, next: end }\n'

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
  const server = await run({ files: { 'alarm.yaml': ALARM, 'noline.yaml': ALARM.replace(/numbers.*\n/, ''), 'desk.yaml': DESK, 'all.yaml': ALL, 'back.yaml': BACK, 'runs.yaml': RUNS }, args: ['--public-url', 'https://voice.example'], env: { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD, ELKS_API: carrier.base } })
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

  t.match(await command(server, 'all', '+46701740605', '--from', '+46846500401', '--with', 'desk=sip:desk@pbx.example,wait=20,greeting=https://x.example/hi.mp3'), { status: 0 })
  const all = await ask(here(carrier.sent[3]?.fields['voice_start']), { body: 'callid=c4&result=newoutgoing&direction=outgoing' })
  t.match(all.json, { play: 'https://x.example/hi.mp3' }, 'each input by its type')
  t.match((await ask(here(String(all.json['next'])), { body: 'callid=c4&result=ok' })).json, { connect: 'sip:desk@pbx.example', timeout: 20 })

  const refused: [args: string[], status: number, says: RegExp][] = [
    [['alram', '+46701740601'], 1, /did you mean `alarm`/], [['alarm', '070-1740601'], 1, /plus sign/], [['alarm', '+46900123456'], 1, /premium/], [['alarm', '+442079460411'], 1, /not among \+46/], [['noline', '+46701740601'], 1, /say in `from`/],
    [['alarm', '+46701740601', '--from', '08'], 1, /`from` is no number/], [['alarm', '+46701740601', '--with', 'woh=Anna'], 1, /did you mean `who`/], [['alarm', '+46701740601', '--with', `who=${'x'.repeat(700)}`], 1, /more than 600 bytes/],
    [['desk', '+46701740601', '--from', '+46846500401'], 1, /without its inputs/],
    [['desk', '+46701740601', '--from', '+46846500401', '--with', 'desk=070-1740609'], 1, /`desk` is a telephone number with a plus sign and the country, .* and `070-1740609` is none/],
    [['all', '+46701740601', '--from', '+46846500401', '--with', 'who=x'], 1, /without its inputs: give `desk` \(a telephone number .*\) and `wait` \(a whole number of seconds\) and `greeting` \(an address/],
    [['all', '+46701740601', '--from', '+46846500401', '--with', 'desk=+46701740609,wait=soon,greeting=sound/beep'], 1, /`wait` is a whole number of seconds, and `soon` is none/], [['all', '+46701740601', '--from', '+46846500401', '--with', 'desk=+46701740609,wait=0,greeting=sound/beep'], 1, /`wait` is/],
    [['all', '+46701740601', '--from', '+46846500401', '--with', 'desk=+46701740609,wait=20,greeting=1'], 1, /`greeting` is an address, or a sound of the carrier such as sound\/beep, and `1` is none/], [['all', '+46701740601', '--from', '+46846500401', '--with', 'desk=+46701740609,wait=20,greeting=ftp://x.example/a.mp3'], 1, /`greeting` is an address/],
    [['back', '+46701740601', '--from', '+46846500401'], 1, /has exits, .* dial a flow that runs it/],
    [['alarm'], 2, /whom to ring/], [['alarm', '+46701740601', '+46701740602'], 2, /one number/], [['alarm', '+46701740601', '--with', 'Anna'], 2, /no NAME=VALUE/],
  ]
  for (const [given, says] of [[{ who: 5 }, /`who` is 5: write it in quotes/], [['x'], /texts by name/], ['x', /texts by name/], [{ who: null }, /`who` is null/]] as const) {
    t.match(await ask(`${server.admin}/api/calls`, { body: JSON.stringify({ flow: 'alarm', number: '+46701740601', with: given }), headers: { 'content-type': 'application/json' } }), { status: 422, json: { detail: says } })
  }
  for (const [args, status, says] of refused) t.match(await command(server, ...args), { status, err: says }, args.join(' ').slice(0, 80))
  carrier.faults.push(403)
  carrier.refusal = 'Invalid to number'
  t.match(await command(server, 'alarm', '+46701740603'), { status: 1, err: /Invalid to number/ })
  t.equal(carrier.sent.length, 4)
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
