/** `tonval calls` and `tonval why` against a running server, and the sentences as cases. */
import t from 'tap'
import { callStory } from '../src/cli/call-story.ts'
import { runCommand } from '../src/cli/commands.ts'
import { readServeSettings } from '../src/cli/settings.ts'
import type { StepShown, TraceShown } from '../src/console/shapes/calls.ts'
import { dial } from './serve/line.ts'
import { run, until } from './serve/running.ts'

const MENU = `start: menu
numbers: ["+46846500400"]
timezone: Europe/Stockholm
prompts: { menu: { file: sound.wav, text: "För försäljning, tryck 1." } }
states:
  menu: { ivr: menu, sorry: { say: "Det finns inte." }, on: { 1: sales, noinput: end, nomatch: end, failed: end } }
  sales: { connect: "+46846500401", on: { failed: bye } }
  bye: { play: sound.wav, next: end }
`

async function command(admin: string, name: string, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const status = await runCommand([name, ...args], { stdout: { write: (text: string) => { out += text } }, stderr: { write: (text: string) => { err += text } }, stdin: (async function * () { yield '' })(), env: { TONVAL_ADMIN: admin }, cwd: '.' })
  return { status, out, err }
}

void t.test('listed in every format, and told', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': MENU } })
  t.teardown(() => server.stop())
  const calls = (...args: string[]) => command(server.admin, 'calls', ...args)
  t.match(await calls(), { status: 0, out: 'no such call is on record\n' })
  const first = await dial(server, 'menu', { from: '=1+1' })
  const second = await dial(server, 'menu')
  await second.report('3')
  await second.report('1')
  await second.over('state=success&duration=21')
  await until('the end is on record', async () => (await calls('--end', 'caller')).out.includes(second.id))
  const table = await calls()
  t.match(table, { status: 0, out: new RegExp(`^began +flow +caller +called +length +steps +state +ended +id\\n\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d +menu +\\*\\*\\*0699 +\\+46846500400 +21 s +3 +sales +caller +${second.id}\\n.* hidden .* goes on +${first.id}\\n$`) })
  const json = JSON.parse((await calls('--format', 'json', '--limit', '1')).out)
  t.match(json, { version: 1, calls: [{ id: second.id, start: String, end: String, ended: 'caller' }], next: String })
  t.equal(json.calls.length, 1)
  const csv = (await calls('--format', 'csv')).out.split('\r\n')
  t.equal(csv[0], 'id,flow,version,start,end,seconds,caller,called,direction,at,ended,steps')
  t.match(csv[1], new RegExp(`^${second.id},menu,[0-9a-f]+,[^,]+Z,[^,]+Z,21,\\*\\*\\*0699,'\\+46846500400,incoming,sales,caller,3$`), 'no cell begins a formula')
  t.match((await calls('--limit', '1')).out, /there are more: --limit\n$/)
  for (const args of [['--since', '2h'], ['--flow', 'menu', '--state', 'sales'], ['--since', '2026-01-01', '--end', 'caller']]) t.match((await calls(...args)).out, new RegExp(second.id), args.join(' '))
  for (const args of [['--until', '1h'], ['--flow', 'other'], ['--state', 'menu', '--end', 'caller']]) t.equal((await calls(...args)).out, 'no such call is on record\n', args.join(' '))
  t.notMatch((await calls('--live')).out, new RegExp(second.id))

  const story = await command(server.admin, 'why', second.id)
  const time = 'At \\d\\d:\\d\\d:\\d\\d'
  t.match(story, { status: 0, out: new RegExp([
    `^${time} on \\d+ \\w+ \\d{4} \\*\\*\\*0699 called \\+46846500400 and reached \`menu\` of \`menu\`\\. They heard “För försäljning, tryck 1\\.”\\.`,
    `${time} they pressed 3, which \`menu\` does not take, and were asked again\\. They heard “Det finns inte\\.” and “För försäljning, tryck 1\\.”\\.`,
    `${time} they pressed 1 and reached \`sales\`, where \\*\\*\\*0401 rang\\.`,
    `${time} the call was over, after 21 seconds: they hung up in \`sales\`, where \\*\\*\\*0401 rang or talked\\.\n$`,
  ].join('\\n')) })
  t.match(JSON.parse((await command(server.admin, 'why', first.id, '--format', 'json')).out), { version: 1, call: { id: first.id, trace: [{ to: 'menu' }] } })
  const rows: [name: string, args: string[], status: number, says: RegExp][] = [
    ['why', ['nobody'], 1, /there is no call `nobody` on record/], ['why', [], 2, /say which call/], ['why', ['a', 'b'], 2, /one call at a time/], ['calls', ['x'], 2, /takes no words.*tonval why x/], ['calls', ['--since', 'yesterday'], 2, /is no time such as/], ['calls', ['--since', '2026-02-31'], 2, /is no time such as/],
    ['calls', ['--end', 'calller'], 2, /did you mean `caller`/], ['calls', ['--limit', '0'], 2, /no number of calls/], ['calls', ['--format', 'xml'], 2, /does not know `xml`/],
  ]
  for (const [name, args, status, says] of rows) t.match(await command(server.admin, name, ...args), { status, err: says }, `${name} ${args.join(' ')}`)
  for (const name of ['calls', 'why']) {
    t.match(await command(server.admin, name, '--help'), { status: 0, out: new RegExp(`^tonval ${name}: `) })
    t.match(await command('127.0.0.1:1', name, ...(name === 'why' ? ['x'] : [])), { status: 3, err: /no server answers at/ })
  }
})

const AT = '2026-03-02T13:05:09.000Z'
const step = (more: Partial<StepShown>): StepShown => ({ at: AT, ms: 1, from: 'menu', event: '1', to: 'sales', version: 'v1', heard: [], met: 'ivr', ...more })
const call = (trace: readonly StepShown[], more: Partial<TraceShown> = {}): TraceShown => ({
  id: 'c1', flow: 'shop', version: 'v1', start: AT, end: AT, seconds: 95, caller: '***0699', called: '+46846500400', direction: 'incoming', at: 'menu', ended: 'end', steps: trace.length, timezone: 'Europe/Stockholm',
  reported: 'success', answered: null, trace, sends: [], recordings: [], ...more,
})
const begin = step({ from: '', event: 'start', to: 'menu' })
const ring = step({ to: 'sales', met: 'connect', numbers: ['***0401'] })

void t.test('sentences', async t => {
  const rows: [name: string, call: TraceShown, line: number, says: string][] = [
    ['the beginning', call([begin]), 0, 'At 14:05:09 on 2 March 2026 ***0699 called +46846500400 and reached `menu` of `shop`.'],
    ['by way of others', call([step({ from: '', event: 'start', to: 'menu', via: ['hours', 'vip'] })]), 0, 'At 14:05:09 on 2 March 2026 ***0699 called +46846500400 and reached `menu` of `shop` by way of `hours`, `vip`.'],
    ['a hidden caller', call([begin], { caller: 'hidden' }), 0, 'At 14:05:09 on 2 March 2026 a hidden number called +46846500400 and reached `menu` of `shop`.'],
    ['one that we made', call([begin], { direction: 'outgoing', caller: '+46846500400', called: '***0601' }), 0, 'At 14:05:09 on 2 March 2026 we called ***0601 from +46846500400, and they reached `menu` of `shop`.'],
    ['one whose beginning is lost', call([ring]), 0, 'At 14:05:09 on 2 March 2026 they came to `sales`, where ***0401 rang.'],
    ['a key', call([begin, ring]), 1, 'At 14:05:09 they pressed 1 and reached `sales`, where ***0401 rang.'],
    ['a sound without words', call([begin, step({ met: 'play', heard: [{ name: 'bye.mp3' }, { name: 'sound/beep' }] })]), 1, 'At 14:05:09 they pressed 1 and reached `sales`. They heard bye.mp3.'],
    ['what is kept', call([begin, step({ event: 'next', to: 'x' })]), 1, 'At 14:05:09 they entered what `menu` takes (`next`) and reached `x`.'],
    ['what is sensitive', call([begin, step({ event: '***', to: 'x' })]), 1, 'At 14:05:09 they pressed keys that are not recorded and reached `x`.'],
    ['several wrong keys', call([begin, step({ event: 'sorry', to: 'menu', keys: 4 })]), 1, 'At 14:05:09 they pressed 4 keys, which `menu` does not take, and were asked again.'],
    ['wrong for the last time', call([begin, step({ event: 'nomatch', to: 'bye', met: 'play', pressed: '7' })]), 1, 'At 14:05:09 they pressed 7, which `menu` does not take, for the last time, and reached `bye`.'],
    ['silence', call([begin, step({ event: 'silent', to: 'menu' })]), 1, 'At 14:05:09 they pressed no key and were asked again.'],
    ['silence to the end', call([begin, step({ event: 'noinput', to: 'end', met: 'hangup' })]), 1, 'At 14:05:09 they pressed no key in `menu` and came to the end of the flow.'],
    ['busy', call([ring, step({ from: 'sales', event: 'busy', to: 'bye', met: 'play' })]), 1, 'At 14:05:09 they found ***0401 busy and reached `bye`.'],
    ['nobody', call([ring, step({ from: 'sales', event: 'failed', to: 'mail', met: 'record' })]), 1, 'At 14:05:09 they got no answer from ***0401 and reached `mail`, where they were recorded.'],
    ['the next number', call([ring, step({ from: 'sales', event: 'again', to: 'sales', met: 'connect', numbers: ['***0402'] })]), 1, 'At 14:05:09 they got no answer from ***0401 and `sales` rang ***0402 next.'],
    ['a talk', call([ring, step({ from: 'sales', event: 'success', to: 'end', met: 'hangup' })]), 1, 'At 14:05:09 they talked with ***0401 and came to the end of the flow.'],
    ['a message', call([step({ met: 'record', to: 'mail' }), step({ from: 'mail', event: 'success', to: 'bye', met: 'play' })]), 1, 'At 14:05:09 they left a message and reached `bye`.'],
    ['a handover', call([begin, step({ event: '5', to: 'https://partner.example', met: 'handover' })]), 1, 'At 14:05:09 they pressed 5 and were handed over to https://partner.example.'],
    ['a refusal', call([begin, step({ event: '7', to: 'refuse', met: 'hangup' })]), 1, 'At 14:05:09 they pressed 7 and reached `refuse`, which hangs up.'],
    ['a holiday, and a fetch', call([begin, step({ holiday: 'Epiphany', reason: 'timeout' })]), 1, 'At 14:05:09 they pressed 1 and reached `sales`. It was a holiday: Epiphany. What was asked of another program failed: timeout.'],
    ['a fault', call([begin, step({ event: 'error', to: 'sorry', met: 'play', broke: true })]), 1, 'At 14:05:09 they met a fault of ours, which the log tells of, and reached `sorry`.'],
    ['another version', call([begin, step({ version: 'v2' })]), 1, 'At 14:05:09 they pressed 1 and reached `sales`. From here on it was on version v2.'],
    ['a state with markup', call([begin, step({ heard: [{ name: 'x', text: 'red \u001b[31m alert' }] })]), 1, 'At 14:05:09 they pressed 1 and reached `sales`. They heard “red ␛[31m alert”.'],
    ['the end', call([begin]), 1, 'At 14:05:09 the call was over, after 95 seconds: the flow has no more to say after `menu`.'],
    ['rung in vain at the end', call([ring], { at: 'sales' }), 1, 'At 14:05:09 the call was over, after 95 seconds: nobody is known to have answered in `sales`, and nothing follows.'],
    ['still going on', call([begin], { ended: null, end: null }), 1, 'The call goes on in `menu`.'],
    ['never told', call([begin], { ended: 'unknown', end: null, seconds: null }), 1, 'When it was over nobody told: the carrier never reported the end, and it stood in `menu`.'],
    ['hung up in a menu', call([begin], { ended: 'caller' }), 1, 'At 14:05:09 the call was over, after 95 seconds: they hung up in `menu`, where they were asked for a key.'],
    ['answered', call([ring], { ended: 'connected', at: 'sales', answered: { number: '***0401', seconds: 1 }, seconds: null }), 1, 'At 14:05:09 the call was over: ***0401 answered, and the talk had ended after 1 second.'],
    ['a failure', call([begin], { ended: 'caller', reported: 'failed' }), 1, 'At 14:05:09 the call was over, after 95 seconds: they hung up in `menu`, where they were asked for a key. The carrier reports it as `failed`.'],
    ['what it sends', call([begin], { sends: [{ id: 'i', kind: 'sms', to: '***0601', item: 'sorry.send.0', state: 'failed', created: AT, why: 'no credit' }] }), 2, 'It sends an SMS to ***0601 (`sorry.send.0`): failed, no credit.'],
    ['what was recorded', call([begin], { recordings: [{ id: 'r', item: 'mail', seconds: 9, state: 'here', noticed: AT, bytes: 1 }] }), 2, 'A recording of 9 seconds (`mail`) is here.'],
  ]
  for (const [name, told, line, says] of rows) t.equal(callStory(told)[line], says, name)
})

void t.test('how long calls are kept', async t => {
  const kept = (args: string[], env: Record<string, string> = {}): number | undefined => readServeSettings(args, env)?.keepCalls
  t.strictSame([kept([]), kept(['--keep-calls', '7']), kept([], { TONVAL_KEEP_CALLS: '0' }), kept(['--keep-calls', '1'], { TONVAL_KEEP_CALLS: '9' })], [30, 7, 0, 1])
  for (const text of ['ever', '-1', '3651', '1.5']) t.throws(() => kept([`--keep-calls=${text}`]), { name: 'UsageError', message: /--keep-calls: .* is no number of days/ })
})
