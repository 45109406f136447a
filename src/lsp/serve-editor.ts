/** The language server: what an editor asks, answered by the other files of this folder. */
import type { Readable, Writable } from 'node:stream'
import { CodeActionKind, createConnection, DidChangeWatchedFilesNotification, PositionEncodingKind, TextDocuments, TextDocumentSyncKind } from 'vscode-languageserver'
import type { InitializeParams, InitializeResult, TextEdit, WatchDog } from 'vscode-languageserver'
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { CheckSettings } from '../check.ts'
import { openStudio } from '../prompts/studio.ts'
import { checkWithSounds } from '../reload/check-with-sounds.ts'
import { createChecker } from '../reload/checker.ts'
import { FIX_ALL } from './code-actions.ts'
import type { AsEdit } from './code-actions.ts'
import { answerRequests } from './answer-requests.ts'
import { OpenFolders } from './open-folders.ts'

export interface Editor {
  readonly input: Readable
  readonly output: Writable
  readonly settings: CheckSettings
  readonly version: string
  /** What is said to a person: never on the output, which is the protocol's. */
  readonly tell: (text: string) => void
}

/** How a session ended: as the protocol has it, without `shutdown`, because the editor is gone, or because we cannot go on. */
export type Ended = 'shut down' | 'not shut down' | 'editor gone' | 'failed'

/** Milliseconds between two looks whether the editor's process still lives. */
const LOOK = 3000

/** Talks to an editor until it leaves; resolves to how it did, and never rejects. */
export function serveEditor({ input, output, settings, version, tell }: Editor): Promise<Ended> {
  return new Promise(resolve => {
    const checker = createChecker(settings)
    const studio = openStudio({})
    let watching: NodeJS.Timeout | undefined
    let over = false
    const end = (how: Ended): void => {
      if (over) return
      over = true
      clearInterval(watching)
      folders.close()
      process.off('uncaughtException', broken)
      process.off('unhandledRejection', broken)
      void Promise.all([checker.close(), studio.close()]).finally(() => resolve(how))
    }
    const broken = (error: unknown): void => {
      tell(`tonval lsp: this is a fault of tonval, not of your files\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      end('failed')
    }
    process.on('uncaughtException', broken)
    process.on('unhandledRejection', broken)

    const watchDog: WatchDog = {
      shutdownReceived: false,
      initialize: params => {
        const { processId } = params
        if (processId === null) return
        watching = setInterval(() => { if (!isAlive(processId)) end('editor gone') }, LOOK)
        watching.unref()
      },
      exit: code => end(code === 0 ? 'shut down' : 'not shut down'),
    }
    const connection = createConnection(logger => {
      const protocol = createProtocolConnection(new StreamMessageReader(input), new StreamMessageWriter(output), logger)
      protocol.onError(([error]) => {
        if (watchDog.shutdownReceived || over) return
        if ((error as NodeJS.ErrnoException).code === 'EPIPE') return end('editor gone')
        tell(`tonval lsp: what came in is not the language server protocol: ${error.message}\nan editor starts this program; the README says how\n`)
        end('failed')
      })
      protocol.onClose(() => end(watchDog.shutdownReceived ? 'shut down' : 'editor gone'))
      return protocol
    }, watchDog)
    input.on('end', () => end(watchDog.shutdownReceived ? 'shut down' : 'editor gone'))

    const documents = new TextDocuments(TextDocument)
    const folders = new OpenFolders({
      documents: () => documents.all(),
      publish: params => { if (!over) void connection.sendDiagnostics(params) },
      // recordings are heard, once for the same bytes; nothing is spoken while somebody writes
      check: async (set, folder) => (folder === undefined ? checker.check(set) : (await checkWithSounds(set, checker, studio, folder, async () => ({ made: new Map(), later: new Set() }))).checked),
      failed: error => { if (!over) connection.console.error(`a check failed: ${error.stack ?? error.message}`) },
    })
    documents.onDidOpen(({ document }) => folders.changed(document.uri, true))
    documents.onDidChangeContent(({ document }) => folders.changed(document.uri, false))
    documents.onDidSave(({ document }) => folders.changed(document.uri, true))
    documents.onDidClose(({ document }) => folders.closed(document.uri))
    connection.onDidChangeWatchedFiles(() => folders.changedOnDisk())

    let client: InitializeParams['capabilities'] = {}
    connection.onInitialize((params): InitializeResult => {
      client = params.capabilities
      return { serverInfo: { name: 'tonval', version }, capabilities: CAPABILITIES }
    })
    connection.onInitialized(() => {
      if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return
      const watchers = ['**/*.{yaml,yml}', '**/*.{mp3,wav,ogg}'].map(globPattern => ({ globPattern }))
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch((error: unknown) => connection.console.warn(`files are not watched: ${String(error)}`))
    })
    const asEdit: AsEdit = edits => (client.workspace?.workspaceEdit?.documentChanges === true
      ? { documentChanges: edits.map(([view, list]) => ({ textDocument: { uri: view.uri, version: view.version ?? null }, edits: [...list] })) }
      : { changes: Object.fromEntries(edits.map(([view, list]): [string, TextEdit[]] => [view.uri, list])) })
    answerRequests(connection, folders, asEdit)

    documents.listen(connection)
    connection.listen()
  })
}

const CAPABILITIES: InitializeResult['capabilities'] = {
  positionEncoding: PositionEncodingKind.UTF16,
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  completionProvider: { triggerCharacters: [' ', '{', '|', '"', '\'', '[', '/', '.'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // a process of another user lives, too
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
