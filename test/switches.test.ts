/** Switches: how long a flip holds, that nothing of it is lost, and that the next request of a call meets it. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { check } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { standing } from '../src/compile/switch.ts'
import type { Flip } from '../src/compile/switch.ts'
import { readDuration } from '../src/console/switches.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { step } from '../src/run/step.ts'
import type { World } from '../src/run/world.ts'
import { openSwitchStore } from '../src/store/switch-store.ts'
import type { FlipRecord } from '../src/store/switch-store.ts'
import { checkText, eventOf, flowIn, NOW, replyText, walk } from './flow-in-text.ts'
import { place, serve } from './serve/process.ts'
import { ask, run, until } from './serve/running.ts'
import type { Json } from './serve/running.ts'

const MENU = `start: menu
switches:
  storm: { label: Storm warning, default: off, turns_off_after: 240 }
  duty: { choices: [anna, bo, nobody], default: nobody }
states:
  menu: { ivr: sound.wav, on: { 1: storm, 2: duty, noinput: end, nomatch: end } }
  storm: { route: [{ when: { switch: storm }, goto: warning }, { goto: calm }] }
  warning: { ivr: sound/dtmf/1, on: { 1: storm, noinput: end, nomatch: end } }
  calm: { ivr: sound/dtmf/2, on: { 1: storm, noinput: end, nomatch: end } }
  duty: { route: [{ when: { switch: duty, is: anna }, goto: anna }, { when: { not: { switch: storm, is: off } }, goto: warning }, { goto: other }] }
  anna: { connect: "+46701740601", on: { failed: end } }
  other: { play: "https://x.example/{{switch.duty}}-{{switch.storm}}.mp3", next: end }
`
const world = (flips: Readonly<Record<string, Flip>>): World => ({ switches: new Map(Object.entries(flips)) })

void t.test('a flip holds until its time, to the millisecond', async t => {
  const storm = { label: 'Storm', choices: ['on', 'off'], default: 'off' }
  t.equal(standing(storm, undefined, NOW), 'off')
  t.equal(standing(storm, { value: 'on' }, NOW), 'on')
  t.equal(standing(storm, { value: 'maybe' }, NOW), 'off', 'what another version of the flow knew')
  fc.assert(fc.property(fc.nat(), fc.nat(), (until, now) => standing(storm, { value: 'on', until }, now) === (now < until ? 'on' : 'off')))
  const flow = flowIn(MENU)
  const { call } = walk(flow, [], {})[0] as NonNullable<ReturnType<typeof walk>[0]>
  const at = (now: number): string => replyText(step(flow, call, eventOf('1'), now, world({ storm: { value: 'on', until: NOW + 1000 } })).reply)
  t.strictSame([at(NOW + 999), at(NOW + 1000)].map(text => text.split(' ')[1]), ['sound/dtmf/1', 'sound/dtmf/2'])
})

void t.test('tests and values of switches', async t => {
  const flow = flowIn(MENU)
  const rows: [flips: Record<string, Flip>, answer: RegExp][] = [
    [{}, /nobody-off/], [{ duty: { value: 'anna' } }, /^connect \+46701740601/], [{ duty: { value: 'bo' } }, /bo-off/],
    [{ storm: { value: 'on' } }, /^ivr sound\/dtmf\/1 /], [{ duty: { value: 'eva' }, other: { value: 'on' }, storm: { value: 'on', until: NOW } }, /nobody-off/],
  ]
  for (const [flips, answer] of rows) t.match(walk(flow, ['2'], {}, world(flips)).map(made => replyText(made.reply)).at(-1), answer, JSON.stringify(flips))
})

void t.test('flows that share a switch mean the same by it', async t => {
  const flow = (declared: string): string => `start: s\nswitches: { duty: ${declared} }\nstates:\n  s: { route: [{ when: { switch: duty, is: anna }, goto: a }, { goto: end }] }\n  a: { play: sound/beep, next: end }\n`
  const both = (a: string, b: string) => check({ flows: [['a', a], ['b', b]].map(([name, text]) => ({ name: name as string, path: `${name}.yaml`, text: flow(text as string) })), sounds: new Map() }, { env: {}, hosts: [], silence: SILENCE_FILE })
  const one = '{ label: Duty, choices: [anna, bo], default: bo }'
  t.strictSame(both(one, '{ choices: [anna, bo], default: bo }').problems.filter(problem => problem.severity === 'error'), [], 'what it is called may differ')
  for (const other of ['{ choices: [bo, anna, eva], default: bo }', '{ choices: [anna, bo], default: anna }', '{ choices: [anna, bo], default: bo, turns_off_after: 60 }']) {
    const { problems, refused } = both(one, other)
    const [problem] = problems.filter(found => found.severity === 'error')
    t.match(problem, { code: 'conflicting-switch', file: 'b.yaml', related: [{ file: 'a.yaml' }] }, other)
    t.strictSame(refused, ['b'])
  }
})

void t.test('tests that always or never hold', async t => {
  const constant = (when: string): string[] => checkText(`start: s\nswitches: { storm: { default: off }, only: { choices: [one], default: one } }\nstates:\n  s: { route: [{ when: ${when}, goto: a }, { goto: b }] }\n  a: { play: a.mp3, next: end }\n  b: { play: b.mp3, next: end }\n`).problems.filter(problem => problem.code === 'constant-test').map(problem => problem.message)
  const rows: [when: string, says: string | undefined][] = [
    ['{ switch: storm }', undefined], ['{ switch: only, is: one }', 'always'], ['{ chance: 0 }', 'never'], ['{ chance: 1 }', 'always'], ['{ chance: 0.001 }', undefined],
    ['{ all: [{ switch: storm }, { switch: storm, is: off }] }', 'never'], ['{ all: [{ switch: storm }, { not: { switch: storm, is: off } }] }', undefined], ['{ not: { chance: 0 } }', 'always'],
  ]
  for (const [when, says] of rows) t.strictSame(constant(when), says === undefined ? [] : [`this test ${says} holds`], when)
})

function dataFolder(t: import('tap').Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-switches-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const failed = (error: Error): never => { throw error }

void t.test('what was flipped is there again, whatever happened to the file', async t => {
  const data = dataFolder(t)
  const path = join(data, 'switches.jsonl')
  const flip = (value: string, at: number, name = 'storm'): FlipRecord => ({ name, value, at, by: 'Anna', until: at + 1000 })
  const store = await openSwitchStore(data, failed)
  t.equal(store.flips.size, 0)
  await Promise.all([store.flip(flip('on', 1)), store.flip(flip('off', 2)), store.flip(flip('bo', 3, 'duty'))])
  t.strictSame(store.flips.get('storm'), flip('off', 2))
  t.strictSame(store.record('storm').map(one => one.value), ['off', 'on'])
  await store.close()
  t.equal(readFileSync(path, 'utf8').trim().split('\n').length, 3, 'every flip is on record')

  appendFileSync(path, JSON.stringify(flip('on', 4)))
  const torn = await openSwitchStore(data, failed)
  t.equal(torn.flips.get('storm')?.value, 'off', 'a flip that a crash cut off never was')
  await torn.flip(flip('anna', 5, 'duty'))
  await torn.close()
  const after = await openSwitchStore(data, failed)
  t.strictSame([after.flips.get('storm')?.value, after.flips.get('duty')?.value], ['off', 'anna'], 'nor does it come to life later')
  await after.close()

  writeFileSync(path, 'not JSON\n[]\nnull\n{"name":"storm"}\n')
  const mad = await openSwitchStore(data, failed)
  t.equal(mad.flips.size, 0)
  await mad.flip(flip('on', 6))
  t.equal(mad.flips.get('storm')?.value, 'on')
  for (let at = 7; at < 40; at++) await mad.flip(flip('on', at))
  t.equal(mad.record('storm').length, 20, 'memory does not grow with the record')
  await mad.close()
  rmSync(data, { recursive: true })
  writeFileSync(data, 'a file')
  await t.rejects(openSwitchStore(data, failed), 'a data folder that is none')
})

void t.test('servers that share a data folder share its switches', async t => {
  const data = dataFolder(t)
  const one = await openSwitchStore(data, failed)
  const other = await openSwitchStore(data, failed)
  t.teardown(() => Promise.all([one.close(), other.close()]))
  await one.flip({ name: 'storm', value: 'on', at: 1, by: 'one' })
  await until('the other server sees it', () => other.flips.get('storm')?.value === 'on')
  await other.flip({ name: 'storm', value: 'off', at: 2, by: 'other' })
  await until('and back', () => one.flips.get('storm')?.value === 'off')
})

void t.test('times', async t => {
  const rows: [text: string, milliseconds: number | undefined][] = [
    ['4h', 14_400_000], ['90m', 5_400_000], ['1h30m', 5_400_000], ['10s', 10_000], ['2d', 172_800_000],
    ['', undefined], ['4', undefined], ['h', undefined], ['0h', undefined], ['-1h', undefined], ['4 h', undefined], ['1.5h', undefined], ['999999d', undefined],
  ]
  for (const [text, milliseconds] of rows) t.equal(readDuration(text), milliseconds, text)
})

void t.test('over HTTP: a flip holds from the next request of a call on', async t => {
  const server = await run({ files: { 'menu.yaml': MENU, 'other.yaml': MENU.replace('Storm warning', 'Weather') } })
  t.teardown(() => server.stop())
  const list = async (): Promise<Json[]> => (await ask(`${server.admin}/api/switches`, { method: 'GET' })).json['switches'] as Json[]
  const post = (name: string, body: unknown, type = 'application/json') => ask(`${server.admin}/api/switches/${name}`, { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } })
  t.match(await list(), [{ name: 'duty', label: 'duty', value: 'nobody', choices: ['anna', 'bo', 'nobody'], flows: ['menu', 'other'] }, { name: 'storm', label: 'Storm warning', value: 'off', choices: ['on', 'off'], default: 'off', record: [] }])

  let now = await server.call('menu')
  const press = async (): Promise<unknown> => {
    now = await ask(String(now.json['next']), { body: 'result=1' })
    return now.json['ivr']
  }
  t.equal(await press(), 'sound/dtmf/2')
  const flipped = await post('storm', { value: 'on', by: 'Anna' })
  t.match(flipped, { status: 200, json: { version: 1, switch: { value: 'on', record: [{ by: 'Anna', value: 'on' }] } } })
  const { until: end, record } = flipped.json['switch'] as { until: string; record: { at: string }[] }
  t.equal(Date.parse(end) - Date.parse(record[0]?.at ?? ''), 240 * 60_000, 'turns_off_after')
  t.equal(await press(), 'sound/dtmf/1', 'the call in progress')
  t.match(await post('storm', 'value=off&by=Bo', 'application/x-www-form-urlencoded'), { status: 200, json: { switch: { value: 'off' } } })
  t.notOk('until' in ((await list())[1] ?? {}), 'at its default there is nothing to go back from')
  t.equal(await press(), 'sound/dtmf/2')
  const long = (await post('storm', { value: 'on', for: '1h30m' })).json['switch'] as { until: string; record: { at: string; by: string }[] }
  t.equal(Date.parse(long.until) - Date.parse(long.record[0]?.at ?? ''), 90 * 60_000)
  t.strictSame(long.record.map(one => one.by), ['api', 'Bo', 'Anna'])

  const refused: [name: string, body: unknown, status: number, says: RegExp][] = [
    ['strom', { value: 'on' }, 404, /did you mean `storm`/], ['__proto__', { value: 'on' }, 404, /no flow/], ['storm', { value: 'onn' }, 422, /did you mean `on`/], ['storm', {}, 422, /`value`/],
    ['storm', { value: 1 }, 422, /`value`/], ['storm', { value: 'on', for: 4 }, 422, /`for`/], ['storm', { value: 'on', for: 'ever' }, 422, /`for`/], ['storm', { value: 'on', by: 'x'.repeat(101) }, 422, /`by`/], ['storm', 'null', 422, /`value`/],
  ]
  for (const [name, body, status, says] of refused) {
    const answer = await post(name, body)
    t.equal(answer.status, status, `${name} ${JSON.stringify(body)}`)
    t.match(answer.json['detail'], says)
  }
  t.equal((await post('storm', '{')).status, 400)
  t.equal((await ask(`${server.admin}/api/switches/storm`, { body: '{"value":"on"}', headers: { 'content-type': 'application/json', origin: 'https://evil.example' } })).status, 403)
  t.equal((await list())[1]?.['value'], 'on', 'nothing of that has flipped it')
})

void t.test('the command flips what a killed server comes back with', { timeout: 120_000 }, async t => {
  const at = place({ 'menu.yaml': MENU })
  t.teardown(() => at.remove())
  let server = await serve(at)
  const command = async (...args: string[]): Promise<{ status: number; out: string; err: string }> => {
    let out = ''
    let err = ''
    const status = await runCommand(['switch', ...args], { stdout: { write: (text: string) => { out += text } }, stderr: { write: (text: string) => { err += text } }, stdin: (async function * () { yield '' })(), env: { TONVAL_ADMIN: server.admin.replace('http://', '') }, cwd: at.root })
    return { status, out, err }
  }
  t.match(await command(), { status: 0, out: /duty +nobody +duty\nstorm +off +Storm warning\n/ })
  t.match(await command('duty', 'anna', '--by', 'Eva'), { status: 0, out: /duty +anna/ })
  t.match(await command('storm', 'on', '--for', '4h'), { status: 0, out: /storm +on +Storm warning, until \d{4}-\d\d-\d\d \d\d:\d\d/ })
  await server.end('SIGKILL')
  server = await serve(at)
  t.match(await command('duty'), { status: 0, out: /duty +anna\s[^]*one of anna, bo, nobody; default nobody; in menu\n[^]*anna +by Eva/ })
  const json = await command('storm', '--format', 'json')
  t.match(JSON.parse(json.out), { version: 1, switches: [{ name: 'storm', value: 'on' }] })
  const call = await server.call('menu')
  t.match((await ask(String(call.json['next']), { body: 'result=2' })).json, { connect: '+46701740601' })

  t.match(await command('strom', 'on'), { status: 1, err: /did you mean `storm`/ })
  t.match(await command('strom'), { status: 1, err: /no flow in force has a switch `strom`/ })
  t.match(await command('storm', 'maybe'), { status: 1, err: /it stands at `on` or `off`/ })
  for (const args of [['storm', 'on', 'off'], ['storm', 'on', '--for', 'ever'], ['storm', '--for', '4h'], ['--by', 'Eva'], ['storm', '--admin', 'nonsense']]) t.equal((await command(...args)).status, 2, args.join(' '))
  t.match(await command('--help'), { status: 0, out: /Usage: tonval switch/ })
  await server.end('SIGTERM')
  t.match(await command(), { status: 3, err: /no tonval server answers/ })
})
