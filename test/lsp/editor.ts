/** An editor in a test: starts the built `tonval lsp` as a process of its own, and speaks the protocol with it. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ClientCapabilities, Diagnostic, InitializeResult, PublishDiagnosticsParams } from 'vscode-languageserver'
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node'
import { BARE_NODE, ENV } from '../node.ts'

const MAIN = resolve('build/src/cli/main.js')

/** The place of the cursor in a text of a test. */
export const CURSOR = '‸'

/** A reply whose shape the test asserts. */
export type Reply = ReturnType<typeof JSON.parse>

export interface Session {
  readonly folder: string
  readonly server: InitializeResult
  /** What the server asked the editor to watch. */
  readonly registered: unknown[]
  uri(name: string): string
  open(name: string, text: string): Promise<void>
  /** Sends the whole text, as the next version. */
  change(name: string, text: string): Promise<void>
  /** Sends one insertion at an offset. */
  insert(name: string, offset: number, text: string): Promise<void>
  save(name: string): Promise<void>
  close(name: string): Promise<void>
  notify(method: string, params: unknown): Promise<void>
  ask(method: string, params: unknown): Promise<Reply>
  /** Asks about the place of the cursor in what is open under a name. */
  at(method: string, name: string, offset: number, more?: object): Promise<Reply>
  /** The problems of a file: the next ones that are published and fit; for an open file those of its present text. */
  problems(name: string, fits?: (problems: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>
  /** Every publication so far, in order. */
  readonly published: readonly PublishDiagnosticsParams[]
  /** Says `shutdown` and `exit`; resolves to the exit status, and to everything on standard error. */
  end(): Promise<{ readonly status: number | null; readonly stderr: string }>
  readonly process: ReturnType<typeof spawn>
  readonly ended: Promise<number | null>
}

export interface Start {
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly capabilities?: ClientCapabilities
  /** Whether the editor has no folder open. */
  readonly noFolder?: true
}

/** An offset as line and UTF-16 column, as an editor counts. */
export function positionAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length - 1, character: offset - (before.lastIndexOf('\n') + 1) }
}

export function offsetAt(text: string, { line, character }: { line: number; character: number }): number {
  return text.split('\n').slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character
}

/** A folder with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-lsp-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

export async function startEditor({ files = {}, capabilities = {}, noFolder }: Start = {}): Promise<Session> {
  const folder = folderWith(files)
  const child = spawn(ENV, [...BARE_NODE, MAIN, 'lsp', '--stdio'], { cwd: folder, stdio: 'pipe' })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const ended = new Promise<number | null>(done => child.once('close', done))
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
  const published: PublishDiagnosticsParams[] = []
  const registered: unknown[] = []
  const waiting = new Set<() => void>()
  const texts = new Map<string, { text: string; version: number }>()
  const uri = (name: string): string => (name.includes(':') ? name : pathToFileURL(join(folder, name)).href)
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params)
    for (const look of waiting) look()
  })
  connection.onRequest('client/registerCapability', (params: { registrations: unknown[] }) => void registered.push(...params.registrations))
  connection.listen()
  const server: InitializeResult = await connection.sendRequest('initialize', { processId: process.pid, rootUri: noFolder === true ? null : pathToFileURL(folder).href, workspaceFolders: null, capabilities })
  await connection.sendNotification('initialized', {})
  const now = (name: string): { text: string; version: number } => texts.get(name) as { text: string; version: number }

  return {
    folder, server, registered, published, uri, process: child, ended,
    async open(name, text) {
      texts.set(name, { text, version: 1 })
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: uri(name), languageId: 'yaml', version: 1, text } })
    },
    async change(name, text) {
      texts.set(name, { text, version: now(name).version + 1 })
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri: uri(name), version: now(name).version }, contentChanges: [{ text }] })
    },
    async insert(name, offset, text) {
      const { text: before, version } = now(name)
      const start = positionAt(before, offset)
      texts.set(name, { text: before.slice(0, offset) + text + before.slice(offset), version: version + 1 })
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri: uri(name), version: version + 1 }, contentChanges: [{ range: { start, end: start }, text }] })
    },
    save: name => connection.sendNotification('textDocument/didSave', { textDocument: { uri: uri(name) } }),
    async close(name) {
      texts.delete(name)
      await connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri(name) } })
    },
    notify: (method, params) => connection.sendNotification(method, params),
    ask: (method, params) => connection.sendRequest(method, params),
    at: (method, name, offset, more = {}) => connection.sendRequest(method, { textDocument: { uri: uri(name) }, position: positionAt(now(name).text, offset), ...more }),
    problems(name, fits = () => true) {
      return new Promise(resolve => {
        const look = (): void => {
          const last = published.findLast(one => one.uri === uri(name))
          const open = texts.get(name)
          if (last === undefined || (open !== undefined && last.version !== open.version) || !fits(last.diagnostics)) return
          waiting.delete(look)
          resolve(last.diagnostics)
        }
        waiting.add(look)
        look()
      })
    },
    async end() {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      const status = await ended
      connection.dispose()
      rmSync(folder, { recursive: true, force: true })
      return { status, stderr }
    },
  }
}

/** A text without its cursor, and where that stood. */
export function withCursor(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf(CURSOR)
  if (offset < 0) throw new Error('the text has no cursor')
  return { text: text.replace(CURSOR, ''), offset }
}
