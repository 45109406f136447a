/** 2,000 calls at once against a server whose files are edited all the while: every answer is the right one of the call's own version. */
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { Agent, request } from 'undici'
import { encode } from '../src/carrier/encode.ts'
import { decodeEvent, decodeFirst, decodeForm } from '../src/carrier/decode.ts'
import { createSealer } from '../src/carrier/seal.ts'
import { openCall, sealCall } from '../src/carrier/token.ts'
import type { SourceSet } from '../src/check.ts'
import { openSounds } from '../src/cli/check-as-served.ts'
import type { Flow } from '../src/compile/flow.ts'
import { checkSettings } from '../src/cli/check-settings.ts'
import { readFolder } from '../src/reload/read-folder.ts'
import type { Call } from '../src/run/call.ts'
import { start, step } from '../src/run/step.ts'
import { SECRET, until } from './serve/running.ts'
import type { Json } from './serve/running.ts'
import { place, serve } from './serve/process.ts'

const CALLS = 2000
/** Callers at once, each with calls of its own one after the other: all 2,000 are in progress from the first request on. */
const AT_ONCE = 64
const ROUNDS = 9
const MOST_GROWTH = 24 * 2 ** 20
const NAMES = ['carrier-example', 'helpline', 'switchboard', 'status-line'] as const

/** A random number generator with a seed, so that a failure can be repeated (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

void t.test('a storm', { timeout: 110_000 }, async t => {
  const at = place({})
  t.teardown(() => at.remove())
  // without their scripted calls, which refuse every edit of a timeout
  cpSync('flows', at.folder, { recursive: true, filter: path => !path.endsWith('.calls.yaml') })
  const server = await serve(at, { env: { TONVAL_SECRET: SECRET }, node: ['--expose-gc', '--import', join(import.meta.dirname, 'serve/heap-probe.js')] })
  t.teardown(() => server.end('SIGKILL'))
  const sealer = createSealer([SECRET])
  const versions = new Map<string, Flow>()
  const random = randomFrom(20261122)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

  const sounds = openSounds(checkSettings({}), { env: { TONVAL_DATA: at.data }, cwd: '.' })
  t.teardown(() => sounds.close())
  /** The versions of a set, with the sounds that the server has made. */
  const checked = async (set: SourceSet): Promise<void> => {
    for (const { flow } of (await sounds.check(set, at.folder, { all: true })).checked.served.values()) versions.set(flow.version, flow)
  }
  /** Every set of files that may go live is compiled here too. */
  const remember = async (): Promise<void> => {
    await checked(await readFolder(at.folder, new Map(), relative('.', at.folder)))
  }
  await remember()
  const agent = new Agent({ connections: AT_ONCE, pipelining: 1 })
  t.teardown(() => agent.close())
  const heap = async (): Promise<number> => {
    const reply = once(server.child, 'message')
    server.child.send('heap')
    const [bytes] = (await reply) as [number]
    return bytes
  }

  const wrong: string[] = []
  const used = new Set<string>()
  let requests = 0
  let calls = CALLS
  async function post(path: string, body: string): Promise<{ status: number; text: string }> {
    requests++
    const { statusCode, body: answer } = await request(server.voice + path, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' }, dispatcher: agent })
    return { status: statusCode, text: await answer.text() }
  }

  interface Playing {
    readonly id: string
    readonly flow: string
    readonly from: string
    /** Requests made so far, any of which may come again: the call as it stood, and where it was posted. */
    readonly asked: { readonly path: string; readonly call: Call; readonly body: string; readonly text: string }[]
    next: { path: string; call: Call } | undefined
  }

  /** The answer that the version of a call must give, by the step alone. */
  function expected(flow: Flow, made: { readonly call: Call; readonly reply: Parameters<typeof encode>[0] }, now: number): string {
    return encode(made.reply, { base: server.voice, flow: flow.name, token: sealCall(sealer, 'call', made.call, now), recording: () => sealCall(sealer, 'recording', made.call, now), speech: () => '' })
  }

  function follow(playing: Playing, text: string): void {
    let next: unknown = JSON.parse(text)
    while (typeof next === 'object' && next !== null) next = (next as Json)['next']
    const address = typeof next === 'string' && next.startsWith(server.voice) ? new URL(next).pathname : undefined
    const call = address === undefined ? undefined : openCall(sealer, 'call', address.slice(address.lastIndexOf('/') + 1), Date.now())
    playing.next = address === undefined || call === undefined ? undefined : { path: address, call }
  }

  async function begin(i: number): Promise<Playing> {
    const flow = NAMES[i % NAMES.length] as string
    const playing: Playing = { id: `c${i.toString(16).padStart(32, '0')}`, flow, from: i % 7 === 0 ? '+46701740631' : `+4670174${String(i).padStart(4, '0')}`, asked: [], next: undefined }
    const body = `callid=${playing.id}&from=${encodeURIComponent(playing.from)}&to=%2B46846500400&direction=incoming&result=newincoming&created=${new Date().toISOString().slice(0, -1)}`
    const { status, text } = await post(`/voice/${flow}?key=${server.key(flow)}`, body)
    if (status !== 200) wrong.push(`${playing.id} began with ${status}`)
    else {
      const hangup = String((JSON.parse(text) as Json)['whenhangup'])
      const version = openCall(sealer, 'call', hangup.slice(hangup.lastIndexOf('/') + 1), Date.now())?.version ?? ''
      used.add(version)
      const compiled = versions.get(version)
      const now = Date.now()
      if (compiled === undefined) wrong.push(`${playing.id} began on version ${version}, which no set of files had`)
      else if (expected(compiled, start(compiled, decodeFirst(decodeForm(body), now), now), now) !== text) wrong.push(`${playing.id} began with ${text}`)
      follow(playing, text)
    }
    return playing
  }

  /** One more request of a call; a call that is over makes room for a new one. */
  async function goOn(playing: Playing): Promise<Playing> {
    // the carrier's last request again, or an older one, late
    const again = random() < 0.15 ? playing.asked[Math.floor(random() * playing.asked.length)] : undefined
    if (again !== undefined) {
      const { status, text } = await post(again.path, again.body)
      if (status !== 200 || text !== again.text) wrong.push(`${playing.id}: a repeated request got ${status} ${text}`)
      return playing
    }
    if (playing.next === undefined) return begin(calls++)
    const { path, call } = playing.next
    const body = `callid=${playing.id}&from=${encodeURIComponent(playing.from)}&${pick(['result=1', 'result=2', 'result=0', 'result=7', 'result=41234', 'result=91234', 'result=12', 'result=2580', 'result=', '', 'result=failed&why=noinput', 'result=failed', 'result=busy', 'result=success', 'result=ok'])}`
    const twice = random() < 0.1
    const [{ status, text }, second] = await Promise.all([post(path, body), twice ? post(path, body) : undefined])
    const flow = versions.get(call.version) as Flow
    const now = Date.now()
    const right = expected(flow, step(flow, call, decodeEvent(decodeForm(body)), now), now)
    if (status !== 200 || text !== right) wrong.push(`${playing.id} at ${flow.states[call.state]?.name}: ${body} got ${status} ${text}, and its version says ${right}`)
    if (second !== undefined && second.text !== text) wrong.push(`${playing.id}: at the same time it got ${second.text}`)
    playing.asked.push({ path, call, body, text })
    follow(playing, text)
    return playing
  }

  /** Everyone's turn, so many at once. */
  async function all<T>(count: number, turn: (index: number) => Promise<T>): Promise<T[]> {
    const results: T[] = []
    let index = 0
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let mine = index++; mine < count; mine = index++) results[mine] = await turn(mine)
    }))
    return results
  }

  // 300 calls warm the server up, so that what grows later is not its code
  await all(300, async i => { let one = await begin(100_000 + i); for (let round = 0; round < 5; round++) one = await goOn(one) })
  const before = await heap()

  let editing = true
  let edits = 0
  const editor = (async () => {
    const originals = new Map(readdirSync('flows').filter(name => /^[a-z-]+\.yaml$/.test(name)).map(name => [name, readFileSync(join('flows', name), 'utf8')]))
    while (editing) {
      const [name, text] = pick([...originals])
      const path = join(at.folder, name)
      const good = text.replace(/timeout: \d+/g, () => `timeout: ${10 + Math.floor(random() * 20)}`)
      const kind = pick(['good', 'good', 'good', 'target', 'half', 'empty', 'rename'] as const)
      edits++
      const edited = kind === 'target' ? good.replace('start: ', 'start: no-') : kind === 'half' ? good.slice(0, good.length / 2) : kind === 'empty' ? '' : good
      // this process knows a version before the server can
      const set = await readFolder(at.folder, new Map())
      await checked({ ...set, flows: set.flows.map(file => (file.name === name.slice(0, -5) ? { ...file, text: edited } : file)) })
      if (kind === 'rename') {
        writeFileSync(`${path}.new`, edited)
        renameSync(`${path}.new`, path)
      } else writeFileSync(path, edited)
      await until('the server had time to see it', () => new Promise(resolve => setTimeout(resolve, 60, true)))
    }
  })()

  let playing = await all(CALLS, begin)
  for (let round = 0; round < ROUNDS; round++) playing = await all(CALLS, i => goOn(playing[i] as Playing))
  const growth = (await heap()) - before
  editing = false
  await editor

  t.strictSame(wrong.slice(0, 5), [], `${wrong.length} of ${requests} answers were wrong`)
  t.ok(used.size > 1, `${used.size} versions answered, ${edits} edits`)
  t.ok(growth < MOST_GROWTH, `the heap grew by ${Math.round(growth / 1024)} KiB for ${CALLS} calls in progress`)
  t.notOk(server.lines().some(line => line['level'] === 'error' && (line['broke'] !== undefined || line['err'] !== undefined)), 'nothing of ours broke')
  t.match(await server.end('SIGTERM'), { status: 0 })
})
