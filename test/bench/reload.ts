/**
 * Calls while flows are edited: every answer is held against the version that its call began with.
 *
 *   npm run bench:reload -- [--reloads 1000] [--large 50] [--callers 8] [--storm 60] [--leak 1000]
 *
 * `--reloads` of a flow of 50 states, with a kill -9 in the middle; `--large` of one of 1,000; 100 saves a second for
 * `--storm` seconds; `--leak` reloads between two looks at the memory. `--seconds` of calls without any come first.
 */
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { until } from '../serve/running.ts'
import { place, serve } from '../serve/process.ts'
import type { Process } from '../serve/process.ts'
import { marked, oneCall, walk } from './marked.ts'
import type { Stall } from './stall-probe.ts'

const { values } = parseArgs({ options: { reloads: { type: 'string', default: '1000' }, large: { type: 'string', default: '50' }, callers: { type: 'string', default: '8' }, storm: { type: 'string', default: '60' }, leak: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '5' } } })
const count = (name: keyof typeof values): number => Number(values[name])
/** Reloads before the first look at the memory: until then old versions fill their place. */
const WARM = 250

// so that the server is ended too
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const at = place({ 'menu.yaml': marked(0, 50) })
const node = ['--expose-gc', '--import', join(import.meta.dirname, 'stall-probe.js')]
const env = { TONVAL_SECRET: 'the secret of this benchmark' }
let server: Process = await serve(at, { node, env, args: ['--log-level', 'warn'] })
const { port } = new URL(server.voice)
const walking = walk(() => server, count('callers'))
let version = 0

async function ask<T>(what: 'stall' | 'heap'): Promise<T> {
  const reply = once(server.child, 'message')
  server.child.send(what)
  return (await reply)[0] as T
}

function save(states: number): number {
  version++
  writeFileSync(join(at.root, 'next'), marked(version, states))
  renameSync(join(at.root, 'next'), join(at.folder, 'menu.yaml'))
  return performance.now()
}

/** Edits and waits until a new call meets the edit, so many times; milliseconds from save to live. */
async function edit(times: number, states: number, each: (index: number) => Promise<void> = async () => undefined): Promise<number[]> {
  const took: number[] = []
  for (let index = 0; index < times; index++) {
    await each(index)
    const saved = save(states)
    const wanted = version
    while (walking.newest < wanted) {
      await new Promise(resolve => setTimeout(resolve, 2))
      if (performance.now() - saved > 60_000) throw new Error(`version ${wanted} is not live after a minute`)
    }
    took.push(performance.now() - saved)
  }
  return took
}

function quantile(numbers: readonly number[], q: number): number {
  return [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))] ?? NaN
}
const spread = (numbers: readonly number[]): string => `p50 ${quantile(numbers, 0.5).toFixed(1)} ms, p99 ${quantile(numbers, 0.99).toFixed(1)} ms`

async function report(name: string, live: readonly number[]): Promise<void> {
  const { p99, most, collection } = await ask<Stall>('stall')
  const { times } = walking
  walking.times = []
  console.log(`${name}: ${times.length} answers, ${spread(times)}; loop p99 ${p99.toFixed(1)} ms, longest ${most.toFixed(1)} ms (collecting memory: ${collection.toFixed(1)})${live.length === 0 ? '' : `; ${live.length} reloads, from save to live ${spread(live)}`}`)
}

await until('calls are answered', () => walking.newest === 0, 60_000)
await ask('stall')
walking.times = []
await new Promise(resolve => setTimeout(resolve, count('seconds') * 1000))
await report('without reloads', [])
const half = Math.floor(count('reloads') / 2)
/** Reloads between two steps of the call that lasts through all of them. */
const rarely = Math.max(1, Math.ceil(count('reloads') / 100))
const long = await oneCall(() => server)
const live = await edit(count('reloads'), 50, async index => {
  const wrong = index % rarely === 0 ? await long.step() : undefined
  if (wrong !== undefined) walking.wrong.push(wrong)
  if (index !== half) return
  await server.end('SIGKILL')
  server = await serve(at, { node, env, args: ['--log-level', 'warn', '--port', port] })
})
const last = await long.step()
if (last !== undefined) walking.wrong.push(last)
await report('50 states, killed and started again half-way', live)
console.log(`one call through all ${live.length} reloads: ${long.steps} steps, ${last === undefined ? 'of its own version to the last' : last}`)
await report('1,000 states', await edit(count('large'), 1000))

if (count('storm') > 0) {
  const versions = new Set<number>()
  const began = performance.now()
  while (performance.now() - began < count('storm') * 1000) {
    save(50)
    await new Promise(resolve => setTimeout(resolve, 10))
    versions.add(walking.newest)
  }
  const final = version
  await until('the last save is live', () => walking.newest === final, 60_000)
  console.log(`100 saves a second for ${values.storm} s: ${(versions.size / count('storm')).toFixed(2)} reloads a second, and the last save is live`)
  await report('meanwhile', [])
}

if (count('leak') > 0) {
  await edit(WARM, 50)
  const before = await ask<number>('heap')
  await edit(count('leak'), 50)
  const after = await ask<number>('heap')
  console.log(`memory after ${count('leak')} reloads more: ${(before / 2 ** 20).toFixed(1)} → ${(after / 2 ** 20).toFixed(1)} MiB (${((after / before - 1) * 100).toFixed(1)} %)`)
}
await walking.stop()
await server.end('SIGTERM')
at.remove()
console.log(`${walking.requests} requests, ${version} saves, ${walking.retried} tried again while nobody listened, ${walking.wrong.length} wrong answers`)
for (const one of walking.wrong.slice(0, 5)) console.log(one)
process.exitCode = walking.wrong.length > 0 ? 1 : 0
