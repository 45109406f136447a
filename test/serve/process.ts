/** `tonval serve` as a process of its own, with real files. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { BARE_NODE, ENV } from '../node.ts'
import { ask, FIRST, SOUND, until, writeFiles } from './running.ts'
import type { Answer, Files, Json } from './running.ts'

const MAIN = resolve('build/src/cli/main.js')

export interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface Process {
  readonly voice: string
  readonly admin: string
  readonly child: ChildProcess
  readonly stdout: () => string
  /** The lines of the log so far. */
  readonly lines: () => Json[]
  key(flow: string): string
  call(flow: string, body?: string): Promise<Answer>
  /** Sends a signal; resolves when the process has ended. */
  end(signal: NodeJS.Signals): Promise<Ended>
}

/** A folder of flows and room for data, removed by `remove`. */
export interface Place {
  readonly root: string
  readonly folder: string
  readonly data: string
  remove(): void
}

export function place(files: Files): Place {
  const root = mkdtempSync(join(tmpdir(), 'tonval-process-'))
  const folder = join(root, 'flows')
  mkdirSync(folder)
  writeFiles(folder, { 'sound.wav': SOUND, ...files })
  return { root, folder, data: join(root, 'data'), remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Servers must not outlive the test that was broken off. */
const running = new Set<ChildProcess>()
process.once('exit', () => { for (const child of running) child.kill('SIGKILL') })

/** What starts, and the promise of its end. */
function launch(args: readonly string[], env: Readonly<Record<string, string>>, node: readonly string[]) {
  const child = spawn(ENV, [...BARE_NODE, ...node, MAIN, 'serve', ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const ended = once(child, 'close').then(([status, signal]): Ended => ({ status: status as number | null, signal: signal as string | null, stdout, stderr }))
  void ended.then(() => running.delete(child))
  return { child, ended, stdout: () => stdout, stderr: () => stderr }
}

/** Runs to the end: for servers that cannot start. */
export function refuses(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return launch(args, env, []).ended
}

/** Starts and waits until it answers. */
export async function serve({ folder, data }: Place, { args = [], env = {}, node = [] }: { args?: readonly string[]; env?: Readonly<Record<string, string>>; node?: readonly string[] } = {}): Promise<Process> {
  const { child, ended, stdout, stderr } = launch([folder, '--port', '0', '--host', '127.0.0.1', '--admin', '127.0.0.1:0', '--data', data, ...args], env, node)
  const ready = Promise.race([
    until('the server says where it is', () => stdout().includes("Operator's side"), 120_000),
    ended.then(({ stderr }) => { throw new Error(`it ended before it was ready: ${stderr}`) }),
  ])
  await ready.catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const found = (pattern: RegExp): string => pattern.exec(stdout())?.[1] ?? ''
  const voice = found(/^Carrier's side: +(\S+)/m)
  const key = (flow: string): string => found(new RegExp(`/voice/${flow}\\?key=(\\S+)`))
  return {
    voice, admin: found(/^Operator's side: (http:\/\/[^/]+)/m), child, stdout, key,
    lines: () => stderr().split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Json),
    call: (flow, body = FIRST) => ask(`${voice}/voice/${flow}?key=${key(flow)}`, { body }),
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}
