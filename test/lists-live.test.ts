/** Lists and tables of a running server: a saved one is met by the next caller, a broken one by nobody, and an earlier version brings its own back. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { rebuild } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { packFlow, unpackFlow } from '../src/reload/pack.ts'
import { ask, run } from './serve/running.ts'
import type { Running } from './serve/running.ts'

const MENU = `start: menu
numbers: ["+46846500400"]
tables: { desks: { file: desks.csv } }
lists: { blocked: { file: data/blocked.txt } }
states:
  menu: { ivr: sound.wav, on: { 1: who, noinput: end, nomatch: end } }
  who: { route: [{ when: { caller: blocked }, goto: bye }, { goto: find }] }
  find: { lookup: desks, key: "{{called}}", on: { success: ring, missing: bye } }
  ring: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: sound/beep, next: end }
`
const OTHER = 'start: find\ntables: { desks: { file: desks.csv } }\nstates:\n  find: { lookup: desks, key: "{{called}}", on: { success: ring, missing: end } }\n  ring: { connect: "{{desk}}", on: { failed: end } }\n'
const desks = (desk: number): string => `line;desk\r\n+46846500400;+4670174060${desk}\r\n`

/** Whom a call rings that was begun with this answer. */
async function rings(next: unknown): Promise<unknown> {
  const { json } = await ask(String(next), { body: 'result=1' })
  return json['connect'] ?? json['play']
}

async function live(server: Running): Promise<string> {
  const outcome = await server.reload()
  if (outcome.failed !== undefined) throw new Error(outcome.failed)
  return outcome.live['menu'] ?? 'nothing'
}

void t.test('saved, broken, rolled back', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': MENU, 'other.yaml': OTHER, 'desks.csv': desks(1), 'data/blocked.txt': '' } })
  t.teardown(() => server.stop())
  const save = (name: string, text: string): void => writeFileSync(join(server.folder, name), text)
  const begin = async (): Promise<unknown> => (await server.call('menu')).json['next']
  const versions = [await live(server)]
  const begun = [await begin()]
  save('desks.csv', desks(2))
  versions.push(await live(server))
  begun.push(await begin())
  t.not(versions[0], versions[1])
  t.strictSame(await Promise.all(begun.map(rings)), ['+46701740601', '+46701740602'], 'calls in progress keep what they began with')

  save('desks.csv', `${desks(3)}+46846500400;+46701740609\r\n`)
  const broken = await server.reload()
  t.strictSame(broken.live['menu'], versions[1])
  t.strictSame(Object.keys(broken.refused).sort(), ['menu', 'other'])
  t.match(broken.problems, [{ code: 'duplicate-key', file: `${server.folder}/desks.csv` }])
  t.equal(await rings(await begin()), '+46701740602', 'the last good version')

  save('desks.csv', desks(3))
  save('data/blocked.txt', '+46701740699\n')
  t.not(await live(server), versions[1])
  t.equal(await rings(await begin()), 'sound/beep', 'blocked')

  const tonval = async (...args: string[]): Promise<{ status: number; said: string }> => {
    let said = ''
    const write = (text: string): void => { said += text }
    const status = await runCommand([...args, '--admin', server.admin.replace('http://', '')], { stdout: { write }, stderr: { write }, stdin: (async function * () { yield '' })(), env: {}, cwd: server.root })
    return { status, said }
  }
  t.match(await tonval('rollback', 'menu', versions[0] as string), { status: 1, said: /`other` would be heard otherwise too/ }, 'the table is another flow\'s, too')
  const back = await tonval('rollback', 'menu', versions[0] as string, '--force')
  t.match(back, { status: 0, said: /the table `desks` says something else in 1 row/ })
  t.match(back.said, /written: menu\.yaml, data\/blocked\.txt, desks\.csv/)
  t.equal(await live(server), versions[0])
  t.equal(readFileSync(join(server.folder, 'desks.csv'), 'utf8'), `\uFEFF${desks(1)}`, 'as Excel reads it')
  t.equal(await rings(await begin()), '+46701740601')
})

void t.test('a flow with large tables goes from thread to thread in pieces, as it is', async t => {
  const rows = Array.from({ length: 5000 }, (_, index) => `+4684650${String(index).padStart(4, '0')};+46701740601`)
  const text = `${MENU}  odd: { lookup: odd, key: "{{call.id}}", on: { success: bye, missing: bye } }\n`.replace('tables: {', 'tables: { odd: { __proto: { a: b }, "0": { a: c } },')
  const flow = rebuild({ language: 1, name: 'menu', path: 'menu.yaml', text, sounds: [['sound.wav', { hash: 'a', format: 'wav' }]], files: [['desks.csv', ['line;desk', ...rows].join('\n')], ['data/blocked.txt', '+4680*\n+46701740601\n']] }, { env: {}, hosts: [], silence: SILENCE_FILE })
  if (flow === undefined) throw new Error('refused')
  const packed = packFlow(flow)
  t.ok(packed.length > 100, `${packed.length} pieces`)
  t.strictSame(await unpackFlow(packed), structuredClone(flow))
})
