/** Flows that run each other, from the operator's side: what is shown of each, edits that would break another, switches, and going back. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { ask, run } from './serve/running.ts'
import type { Answer, Json, Running } from './serve/running.ts'

const PIN = `start: storm
exits: [ok, wrong]
switches: { storm: { default: off } }
lists: { known: { file: known.txt } }
states:
  storm: { route: [{ when: { switch: storm }, goto: right }, { when: { caller: known }, goto: right }, { goto: ask }] }
  ask: { ivr: sound.wav, digits: 4, equals: "1234", sensitive: true, next: right, on: { noinput: no, nomatch: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`
const door = (line: number, timeout = 30): string => `start: pin
numbers: ["+4684650040${line}"]
states:
  pin: { flow: pin, on: { ok: desk, wrong: bye } }
  desk: { connect: "+46846500411", timeout: ${timeout}, on: { failed: bye } }
  bye: { play: sound.wav, next: end }
`
const FILES = { 'pin.yaml': PIN, 'front.yaml': door(1), 'back.yaml': door(2), 'known.txt': '+46701740601\n' }
const LONGER = PIN.replace('digits: 4, equals: "1234"', 'digits: 5, equals: "12345"')

const get = async (server: Running, path: string): Promise<Json> => (await ask(server.admin + path, { method: 'GET' })).json
async function put(server: Running, name: string, body: string): Promise<Answer> {
  const { headers } = await ask(`${server.admin}/api/flows/${name}`, { method: 'GET' })
  return ask(`${server.admin}/api/flows/${name}`, { method: 'PUT', body, headers: { 'content-type': 'application/yaml', 'if-match': String(headers['etag']) } })
}
const save = (server: Running, name: string, text: string): void => writeFileSync(join(server.folder, name), text)
const file = (server: Running, name: string): string => readFileSync(join(server.folder, name), 'utf8')
const reload = (server: Running): Promise<Answer> => ask(`${server.admin}/api/reload`)
const versions = (server: Running): Record<string, string> => Object.fromEntries([...server.live()].map(([name, flow]) => [name, flow.version]))
async function tonval(server: Running, ...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const io = { stdout: { write: (text: string) => { stdout += text } }, stderr: { write: (text: string) => { stderr += text } }, stdin: Readable.from([]), env: {}, cwd: server.root }
  const status = await runCommand([...args, '--admin', server.admin.replace('http://', '')], io)
  return { status, stdout, stderr }
}

void t.test('each flow is shown by itself, and an edit must fit those that run it', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const before = versions(server)
  t.match(await get(server, '/api/flows'), { flows: [{ name: 'back', answers: true, states: 3 }, { name: 'front', answers: true }, { name: 'pin', answers: false, states: 4, numbers: [] }] })
  const front = await get(server, '/api/flows/front')
  t.match(front['graph'], {
    version: 1, flow: 'front', start: 'pin', states: [{ name: 'pin', verb: 'flow', runs: 'pin' }, { name: 'desk', verb: 'connect', does: '+46846500411' }, { name: 'bye', verb: 'play', hears: [{ role: 'prompt' }] }],
    edges: [{ from: 'pin', edge: 'ok', to: 'desk' }, { from: 'pin', edge: 'wrong', to: 'bye' }, { from: 'desk', edge: 'failed', to: 'bye' }, { from: 'bye', edge: 'next', to: 'end' }],
  })
  t.equal((await ask(`${server.voice}/ready`, { method: 'GET' })).json['flows'], 2, 'flows that answer')

  const refused = await put(server, 'pin', PIN.replaceAll('wrong', 'refused'))
  t.match(refused, { status: 422, json: { checked: { files: 4 }, problems: [{ code: 'exit-missing', file: /back\.yaml$/, related: [{ file: /pin\.yaml$/ }] }, { code: 'exit-missing', file: /front\.yaml$/ }] } }, 'both places')
  t.equal(file(server, 'pin.yaml'), PIN, 'nothing was written')
  t.same(versions(server), before)

  save(server, 'pin.yaml', PIN.replaceAll('wrong', 'refused'))
  t.equal((await reload(server)).status, 422)
  t.same(versions(server), before)
  const { flows } = await get(server, '/api/flows') as { flows: { name: string; state: string; refused: { problems: { code: string; file: string }[] } }[] }
  t.same(flows.map(({ name, state, refused: { problems } }) => [name, state, problems.map(one => `${one.code} ${one.file.replace(/.*\//, '')}`)]), [
    ['back', 'refused', ['exit-missing back.yaml']], ['front', 'refused', ['exit-missing front.yaml']], ['pin', 'refused', ['exit-missing back.yaml', 'exit-missing front.yaml']],
  ], 'the change is told of, too')
  save(server, 'pin.yaml', 'start: nowhere\n')
  await reload(server)
  t.match((await get(server, '/api/flows/front'))['problems'], [{ file: /pin\.yaml$/ }], 'what keeps it from going live stands in another file')
  save(server, 'pin.yaml', PIN)
  t.equal((await reload(server)).status, 200)

  t.match(await put(server, 'pin', LONGER), { status: 200, json: { changes: [{ flow: 'pin', text: 'in `ask`, `digits` is now 5, before: 4' }, { text: 'in `ask`, `equals` is another' }] } })
  for (const name of ['back', 'front', 'pin']) t.not(versions(server)[name], before[name], `${name} is a new version`)
  const told = await tonval(server, 'diff', `front@${before['front']}`, 'front@live')
  t.match(told, { status: 1, stdout: /^`pin`, which it runs, has changed\n$/ })
  save(server, 'known.txt', '+46701740601\n+46701740602\n')
  const changes = (await reload(server)).json['changes'] as { flow: string; text: string }[]
  t.same(changes.map(({ flow, text }) => `${flow}: ${text}`), ['back: `pin`, which it runs, has changed', 'front: `pin`, which it runs, has changed', 'pin: the list `known` has 1 more'])

  t.match(await get(server, '/api/switches'), { switches: [{ name: 'storm', value: 'off', flows: ['back', 'front', 'pin'] }] })
  t.match((await server.call('front')).json, { ivr: /sound\.wav$/ })
  t.match(await tonval(server, 'switch', 'storm', 'on', '--by', 'Anna'), { status: 0 })
  t.match((await server.call('front')).json, { connect: '+46846500411' }, 'a switch of a flow that is run')
})

void t.test('an earlier version comes back with the flows that it ran', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const first = versions(server)
  save(server, 'pin.yaml', LONGER)
  save(server, 'known.txt', '+46701740602\n')
  save(server, 'front.yaml', door(1, 20))
  await reload(server)
  const second = versions(server)
  const stopped = await tonval(server, 'rollback', 'front')
  t.match(stopped, { status: 1, stderr: /`back` would be heard otherwise too[^]*--force/ }, 'another line runs it, too')
  t.notMatch(stopped.stderr, /`pin`/, 'what no call begins in is heard in those that run it')
  t.same(versions(server), second)

  rmSync(join(server.folder, 'back.yaml'))
  // its line is given up
  save(server, 'back.yaml', door(2).replace(/numbers.*\n/, ''))
  await reload(server)
  rmSync(join(server.folder, 'back.yaml'))
  await reload(server)
  const back = await tonval(server, 'rollback', 'front', String(first['front']))
  t.match(back, { status: 0, stdout: /written: front\.yaml, known\.txt, pin\.yaml\n/ })
  t.equal(versions(server)['front'], first['front'], 'the very version')
  t.equal(versions(server)['pin'], first['pin'])
  t.equal(file(server, 'pin.yaml'), PIN)

  save(server, 'pin.yaml', PIN.replace('1234', '9999').replace('exit: ok', 'exit: oops'))
  await reload(server)
  t.match(await tonval(server, 'rollback', 'front', String(second['front'])), { status: 1, stderr: /`pin\.yaml` holds an edit that is not live/ })
  t.match(await tonval(server, 'rollback', 'front', String(second['front']), '--force'), { status: 0, stdout: /what stood there is kept in .*pin\.yaml/ })
  t.equal(versions(server)['front'], second['front'])
})
