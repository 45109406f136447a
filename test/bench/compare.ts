/**
 * Servers compared under the same load on the same machine: short slices in turn (A B B A …), several fresh starts
 * of each, and the median of the ratios of neighbouring slices, so that whatever else the machine does weighs on all.
 *
 *   node build/test/bench/compare.js [--starts 5] [--slices 8] [--seconds 0.4] [--callers 8]
 *
 * Run by itself it compares the hand-written server with itself, which shows how far a ratio is to be trusted.
 */
import { parseArgs } from 'node:util'
import type { Pool } from 'undici'
import { startBaseline } from './baseline.ts'
import { connect, runSlice, type Slice } from './load.ts'
import type { Running } from './server-process.ts'

export interface Rival {
  readonly name: string
  start(): Promise<Running>
}

export interface Options {
  /** Fresh starts of each server. */
  readonly starts: number
  /** Slices of each server per start. */
  readonly slices: number
  /** Length of a slice. */
  readonly seconds: number
  /** Calls at a time, each on a connection of its own. */
  readonly callers: number
}

export interface Result {
  readonly name: string
  /** Medians over all slices. */
  readonly requestsPerSecond: number
  readonly cpuPerRequest: number
  /** The part of it that is the kernel's: sockets, the log's file. */
  readonly systemPerRequest: number
  /** CPU per request against the first rival's: the lower quartile, the median and the upper of all pairs. */
  readonly ratio: readonly [number, number, number]
  /** The same from the medians within each start: steadier where other work disturbs single slices. */
  readonly ratioByStart: number
}

/** Seconds. */
const WARM_UP = 3

/** The options from the command line; the defaults take less than a minute for two rivals. */
export function readOptions(args = process.argv.slice(2)): Options {
  const { values } = parseArgs({
    args,
    options: {
      starts: { type: 'string', default: '5' },
      slices: { type: 'string', default: '8' },
      seconds: { type: 'string', default: '0.4' },
      callers: { type: 'string', default: '8' },
    },
  })
  const number = (name: keyof typeof values) => {
    const value = Number(values[name])
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`)
    return value
  }
  return { starts: number('starts'), slices: number('slices'), seconds: number('seconds'), callers: number('callers') }
}

/** Measures all rivals; the first is what the others are compared with. */
export async function compare(rivals: readonly Rival[], options: Options): Promise<Result[]> {
  const { starts, slices, seconds, callers } = options
  const measured: Slice[][] = rivals.map(() => [])
  for (let start = 0; start < starts; start++) {
    const servers: { server: Running; pool: Pool }[] = []
    try {
      for (const rival of rivals) {
        const server = await rival.start()
        servers.push({ server, pool: connect(server, callers) })
      }
      // Once around unmeasured, until the code is compiled. Each round takes the other order (A B, B A, …):
      // no rival is always the one that finds the machine warm.
      const order = [...rivals.keys()]
      for (let slice = -1; slice < slices; slice++) {
        for (const i of order.reverse()) {
          const { server, pool } = servers[i]!
          const result = await runSlice(server, pool, callers, slice < 0 ? Math.max(seconds, WARM_UP) : seconds)
          if (slice >= 0) measured[i]!.push(result)
        }
      }
    } finally {
      for (const { server, pool } of servers) {
        await pool.close()
        await server.stop()
      }
    }
  }
  const cost = ({ cpu, requests }: Slice) => (cpu.user + cpu.system) / requests
  const ofStart = (all: Slice[], start: number) => quantile(all.slice(start * slices, (start + 1) * slices).map(cost), 0.5)
  return rivals.map(({ name }, i) => {
    const own = measured[i]!
    const ratios = own.map((slice, pair) => cost(slice) / cost(measured[0]![pair]!))
    return {
      name,
      requestsPerSecond: quantile(own.map(slice => slice.requests / slice.seconds), 0.5),
      cpuPerRequest: quantile(own.map(cost), 0.5),
      systemPerRequest: quantile(own.map(({ cpu, requests }) => cpu.system / requests), 0.5),
      ratioByStart: quantile(Array.from({ length: starts }, (_, start) => ofStart(own, start) / ofStart(measured[0]!, start)), 0.5),
      ratio: [quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)],
    }
  })
}

/** The results as a table for people. */
export function table(results: readonly Result[], { starts, slices, seconds, callers }: Options): string {
  const width = Math.max(...results.map(({ name }) => name.length), 6)
  const row = (name: string, ...cells: string[]) => name.padEnd(width) + cells.map(cell => cell.padStart(16)).join('')
  return [
    row('server', 'requests/s', 'CPU µs/request', 'of it system', 'ratio of pairs', 'quartiles', 'by start'),
    ...results.map(({ name, requestsPerSecond, cpuPerRequest, systemPerRequest, ratioByStart, ratio: [low, middle, high] }) =>
      row(name, requestsPerSecond.toFixed(0), cpuPerRequest.toFixed(1), systemPerRequest.toFixed(1), middle.toFixed(3), `${low.toFixed(2)}–${high.toFixed(2)}`, ratioByStart.toFixed(3))),
    `${starts * slices} pairs of slices: ${starts} starts × ${slices} slices of ${seconds} s, ${callers} callers at a time`,
  ].join('\n')
}

function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)] ?? NaN
  return low + (at % 1) * ((sorted[Math.ceil(at)] ?? NaN) - low)
}

if (process.argv[1] === import.meta.filename) {
  const options = readOptions()
  const results = await compare([{ name: 'baseline', start: startBaseline }, { name: 'baseline again', start: startBaseline }], options)
  console.log(table(results, options))
}
