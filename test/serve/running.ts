/** A server in this process, with flows of its own in a folder of its own, and a carrier that posts to it. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { Agent, request } from 'undici'
import { startServer } from '../../src/cli/server.ts'
import type { Server } from '../../src/cli/server.ts'
import { readServeSettings } from '../../src/cli/settings.ts'
import { SILENCE } from '../../src/prompts/silence.ts'
import type { StepLog } from '../../src/serve/parts.ts'
import '../bare-threads.ts'

export const SECRET = 'the secret of these tests'
export const CALLID = `c${'0123456789abcdef'.repeat(2)}`
export const FIRST = `callid=${CALLID}&from=%2B46701740699&to=%2B46846500400&direction=incoming&result=newincoming&created=${new Date().toISOString().slice(0, -1)}456`
const FORM = 'application/x-www-form-urlencoded'

/** What was parsed, whose shape the test asserts. */
export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body, if it is JSON. */
  readonly json: Json
}

export interface Asked {
  readonly method?: string
  readonly body?: string | Buffer | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks; a POST has a form's type unless its headers say otherwise. */
export async function ask(address: string, { method = 'POST', body = null, headers = {} }: Asked = {}, agent?: Agent): Promise<Answer> {
  const type = method === 'POST' && !Object.keys(headers).some(name => name.toLowerCase() === 'content-type') ? { 'content-type': FORM } : {}
  const response = await request(address, { method: method as 'POST', body, headers: { ...type, ...headers }, ...(agent === undefined ? {} : { dispatcher: agent }) })
  const text = await response.body.text()
  let json: Json = {}
  try {
    json = JSON.parse(text) as Json
  } catch {
    // not all bodies are JSON
  }
  return { status: response.statusCode, headers: response.headers, text, json }
}

/** Writes bytes to a port as they are; resolves to everything that came back when the other side closes. */
export function speak(origin: string, bytes: string | Buffer, end = false): Promise<string> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => { if (end) socket.end(bytes); else socket.write(bytes) })
    let heard = ''
    socket.setEncoding('latin1').on('data', (text: string) => { heard += text }).on('error', reject).on('close', () => resolve(heard))
  })
}

/** A WAV that is not silent, at the level of speech: a prompt of silence only is refused. */
export const SOUND: Buffer = Buffer.from(SILENCE).fill(0x18, 44)

/** Waits until something holds; the value that made it hold. */
export async function until<T>(what: string, look: () => T | Promise<T>, most = 20_000): Promise<NonNullable<T>> {
  const began = performance.now()
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== null && value !== false) return value
    if (performance.now() - began > most) throw new Error(`waited in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

export type Files = Readonly<Record<string, string | Buffer>>

export interface Running extends Server {
  /** Everything of the server on disk is below it. */
  readonly root: string
  readonly folder: string
  /** The log's lines, read. */
  readonly lines: readonly Json[]
  readonly steps: readonly StepLog[]
  call(flow: string, body?: string): Promise<Answer>
}

export interface Start {
  /** Below the folder of flows; without it, a copy of the repository's own. */
  readonly files?: Files
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What time the server believes it is. */
  readonly now?: () => number
  /** The data folder of a server before; else a new one. */
  readonly data?: string
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

/** Starts a server on ports that the system chooses. Stopping it removes its files. */
export async function run({ files, args = [], env = {}, now, data }: Start = {}): Promise<Running> {
  const root = mkdtempSync(join(tmpdir(), 'tonval-serve-'))
  const folder = join(root, 'flows')
  mkdirSync(folder)
  if (files === undefined) cpSync('flows', folder, { recursive: true })
  else writeFiles(folder, { 'sound.wav': SOUND, ...files })
  const environment = { TONVAL_SECRET: SECRET, ...env }
  const settings = readServeSettings([folder, '--port', '0', '--host', '127.0.0.1', '--admin', '127.0.0.1:0', '--data', data ?? join(root, 'data'), ...args], environment)
  if (settings === undefined) throw new Error('the settings ask for help')
  const lines: Json[] = []
  const steps: StepLog[] = []
  const stream = new PassThrough().on('data', (line: Buffer) => lines.push(JSON.parse(line.toString()) as Json))
  const server = await startServer(settings, environment, { log: pino({ level: 'debug' }, stream), logStep: line => steps.push(line), logNotice: (fields, msg) => lines.push({ ...fields, msg }), flush: () => undefined }, '1.2.3', now)
  return {
    ...server, root, folder, lines, steps,
    call: (flow, body = FIRST) => ask(`${server.voice}/voice/${flow}?key=${server.key(flow)}`, { body }),
    async stop() {
      await server.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
