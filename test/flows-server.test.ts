/** A call three flows deep on a real server: its versions last through reloads of each flow, a restart and a kill. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ask, FIRST, run, SOUND, until } from './serve/running.ts'
import type { Answer } from './serve/running.ts'
import { place, serve } from './serve/process.ts'
import type { Process } from './serve/process.ts'

/** Each flow tells its edition by how long its menu waits, and hands what was typed further in and back out. */
const top = (edition: number): string => `start: begin
numbers: ["+46846500400"]
states:
  begin: { ivr: sound.wav, digits: 2, timeout: ${edition}, save: typed, next: go, on: { noinput: bye, nomatch: bye, failed: bye } }
  go: { flow: middle, with: { given: "{{typed}}" }, save: { all: both }, on: { back: said } }
  said: { ivr: "https://top.example/{{all}}/${edition}", timeout: ${edition}, on: { 1: begin, noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: sound.wav, next: end }
`
const middle = (edition: number): string => `start: menu
inputs: { given: text }
exits: [back]
states:
  menu: { ivr: "https://middle.example/{{given}}/${edition}", timeout: ${edition}, on: { 1: go, noinput: out, nomatch: out, failed: out } }
  go: { flow: inner, with: { given: "{{given}}m" }, save: { got: typed }, on: { done: after } }
  after: { set: { both: "{{given}}-{{got}}" }, next: again }
  again: { ivr: "https://middle.example/{{both}}/${edition}", timeout: ${edition}, on: { 1: out, noinput: out, nomatch: out, failed: out } }
  out: { exit: back }
`
const inner = (edition: number): string => `start: menu
inputs: { given: text }
exits: [done]
states:
  menu: { ivr: "https://inner.example/{{given}}/${edition}", digits: 3, timeout: ${edition}, save: typed, next: out, on: { noinput: out, nomatch: out, failed: out } }
  out: { exit: done }
`
const EDITIONS = { top, middle, inner } as const

const here = (server: Process, answer: Answer): string => server.voice + new URL(String(answer.json['next'])).pathname
const press = (server: Process, answer: Answer, keys: string): Promise<Answer> => ask(here(server, answer), { body: `result=${keys}` })
const heard = (answer: Answer): string => String(answer.json['ivr']).replace(/^https:\/\//, '')

void t.test('a call three deep stays on its versions, wherever it is', { timeout: 240_000 }, async t => {
  const at = place({ 'top.yaml': top(1), 'middle.yaml': middle(1), 'inner.yaml': inner(1) })
  t.teardown(() => at.remove())
  let server = await serve(at)
  t.notMatch(server.stdout(), '/voice/inner', 'what only others run has no address of its own')
  t.equal((await ask(`${server.voice}/voice/inner?key=${server.key('top')}`, { body: FIRST })).status, 403)

  /** A call at each depth, all on the first edition. */
  const begin = async (): Promise<Answer[]> => {
    const one = await server.call('top')
    const two = await press(server, one, '42')
    const three = await press(server, two, '1')
    return [one, two, three]
  }
  const calls = await begin()
  t.same(calls.slice(1).map(heard), ['middle.example/42/1', 'inner.example/42m/1'])
  /** Each call goes on to its end; all that it meets is of one edition. */
  const goOn = async (calls: readonly Answer[], edition: number, when: string): Promise<void> => {
    const ways = [
      { from: 0, keys: ['42', '1', '789', '1'], meets: [`middle.example/42/${edition}`, `inner.example/42m/${edition}`, `middle.example/42-789/${edition}`, `top.example/42-789/${edition}`] },
      { from: 1, keys: ['1', '789', '1'], meets: [`inner.example/42m/${edition}`, `middle.example/42-789/${edition}`, `top.example/42-789/${edition}`] },
      { from: 2, keys: ['789', '1'], meets: [`middle.example/42-789/${edition}`, `top.example/42-789/${edition}`] },
    ]
    for (const { from, keys, meets } of ways) {
      let answer = calls[from] as Answer
      const met: string[] = []
      for (const key of keys) {
        answer = await press(server, answer, key)
        met.push(heard(answer))
        t.equal(answer.json['timeout'], edition, `${when}: edition ${edition}`)
      }
      t.same(met, meets, `${when}, from depth ${from}`)
    }
  }
  await goOn(calls, 1, 'at once')

  // one file after the other: each change is a new version of the flow and of those that run it
  const started: Answer[][] = [calls]
  for (const [name, edition] of [['inner', 2], ['middle', 2], ['top', 2]] as const) {
    writeFileSync(join(at.folder, `${name}.yaml`), EDITIONS[name](edition))
    await until(`${name} is changed`, async () => {
      const [first, second, third] = await begin()
      const found = { top: first?.json['timeout'], middle: second?.json['timeout'], inner: third?.json['timeout'] }
      return found[name] === edition
    })
    await goOn(calls, 1, `after a reload of ${name}`)
  }
  started.push(await begin())
  await goOn(started[1] as Answer[], 2, 'a new call')

  t.match(await server.end('SIGTERM'), { status: 0 })
  for (const name of ['top', 'middle', 'inner'] as const) writeFileSync(join(at.folder, `${name}.yaml`), EDITIONS[name](3))
  server = await serve(at)
  for (const [i, call] of started.entries()) await goOn(call, i + 1, 'after a stop and a start')
  started.push(await begin())

  t.match(await server.end('SIGKILL'), { signal: 'SIGKILL' })
  rmSync(join(at.folder, 'inner.yaml'))
  rmSync(join(at.folder, 'middle.yaml'))
  writeFileSync(join(at.folder, 'top.yaml'), 'start: bye\nstates:\n  bye: { play: sound.wav, next: end }\n')
  server = await serve(at)
  t.teardown(() => server.end('SIGKILL'))
  for (const [i, call] of started.entries()) await goOn(call, i + 1, 'after a kill, without the files')
})

void t.test('a change that breaks a flow that uses it is refused, and everything stays as it was', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'top.yaml': top(1), 'middle.yaml': middle(1), 'inner.yaml': inner(1), 'other.yaml': middle(1).replace('exits: [back]\n', '').replace('given: "{{given}}m"', 'given: o').replace('{ exit: back }', '{ play: sound.wav, next: end }'), 'tone.wav': SOUND } })
  t.teardown(() => server.stop())
  const versions = (): Record<string, string> => Object.fromEntries([...server.live()].map(([name, flow]) => [name, flow.version]))
  const before = versions()
  t.same(Object.keys(before).sort(), ['inner', 'middle', 'other', 'top'])
  const save = (name: string, text: string) => writeFileSync(join(server.folder, `${name}.yaml`), text)

  save('inner', inner(1).replaceAll('done', 'finished'))
  const refused = await server.reload()
  t.same(refused.refused, before, 'the change, those that it breaks, and those that use it')
  t.same(versions(), before)
  const [problem] = refused.problems.filter(one => one.severity === 'error')
  t.match(problem, { code: 'exit-missing', file: /middle\.yaml$/, related: [{ file: /inner\.yaml$/ }] }, 'both places are named')
  t.match(await ask(`${server.admin}/api/reload`), { status: 422 })

  // `other` fits to the change, and the change is still not in force: it stays, too
  save('other', middle(2).replaceAll('exits: [back]\n', '').replace('given: "{{given}}m"', 'given: o').replace('{ exit: back }', '{ play: sound.wav, next: end }').replace('done: after', 'finished: after'))
  t.same((await server.reload()).refused, before)

  save('middle', middle(1).replace('done: after', 'finished: after'))
  const good = await server.reload()
  t.same(good.refused, {})
  for (const name of Object.keys(before)) t.not(versions()[name], before[name], `${name} is a new version`)

  const now = versions()
  save('middle', middle(1).replace('finished: after', 'finisht: after'))
  t.same(Object.keys((await server.reload()).refused).sort(), ['middle', 'top'], 'a slip where it is used keeps nothing else back')
  t.same(versions(), now)
  save('middle', middle(3).replace('done: after', 'finished: after'))
  t.same((await server.reload()).refused, {})
  t.equal(versions()['inner'], now['inner'])
  t.equal((await server.call('inner')).status, 404, 'no call begins in a flow with exits')
})
