/** A server under measurement, in a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Running {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Path and query of a call's first request. */
  readonly path: string
  /** CPU µs that the server has used since it started. */
  cpu(): Promise<NodeJS.CpuUsage>
  stop(): Promise<void>
}

export interface ServerScript {
  /** A built JavaScript file. */
  readonly script: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** A file for what it writes to standard error; else ours. */
  readonly stderr?: number
  /** Finds the local address of the first request in a line of the server's output, or returns undefined. */
  address(line: string): string | undefined
}

/** Starts the script with the CPU probe and waits until it prints its address. */
export async function startServer({ script, args = [], env, ...given }: ServerScript): Promise<Running> {
  const child = fork(script, args, {
    execArgv: ['--import', join(import.meta.dirname, 'cpu-probe.js')],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', given.stderr ?? 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout! })
  const url = await new Promise<URL>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${script} ended with ${code} before it was ready`)))
    lines.on('line', line => {
      const found = given.address(line)
      if (found !== undefined) resolve(new URL(found))
    })
  })
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    async cpu() {
      const reply = once(child, 'message')
      child.send('cpu')
      const [{ cpu }] = await reply as [{ cpu: NodeJS.CpuUsage }]
      return cpu
    },
    async stop() {
      child.kill()
      await exited
    },
  }
}
