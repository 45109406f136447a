/**
 * The thread of the SQLite store. Whatever has been asked meanwhile goes into one transaction, so that many who wait for
 * the disk wait for it once; each request has a savepoint of its own, so that one that fails takes no other with it.
 * What callers wait for goes first, in a transaction of its own.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { READS } from '../store.ts'
import type { AtOnce, Store } from '../store.ts'
import { StoreError, storeError } from '../store-error.ts'
import type { StoreTrouble } from '../store-error.ts'
import { callMethods } from './calls.ts'
import type { StoredCalls } from './calls.ts'
import { openDatabase } from './open.ts'
import type { Db } from './open.ts'
import { outboxMethods } from './outbox.ts'
import { recordingMethods } from './recordings.ts'

/** The store, and what only its thread is asked for. */
export type Methods = Store & StoredCalls

export interface Request {
  readonly id: number
  readonly method: keyof Methods
  readonly args: readonly unknown[]
}
export type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly trouble: StoreTrouble; readonly message: string }

/** Requests in one transaction: those that come later wait for it. */
const MOST_TOGETHER = 500
/** Transactions of callers in a row while others wait, too. */
const MOST_PASSED = 20
/** Records of calls: a process that is killed loses nothing of them either, and what a power cut may take is no promise. Whoever has one to keep need not wait for the disk behind them. */
const RECORDS: readonly (keyof Methods)[] = ['writeCalls', 'settleCalls', 'pruneCalls', 'call', 'calls', 'callFigures']

const { path } = workerData as { path: string }
let opened: { readonly db: Db; readonly methods: AtOnce<Methods>; readonly isSynced: boolean } | undefined

function open(): NonNullable<typeof opened> {
  if (opened === undefined) {
    const db = openDatabase(path)
    opened = { db, methods: { ...outboxMethods(db), ...recordingMethods(db), ...callMethods(db) }, isSynced: true }
  }
  return opened
}

/** Whether a transaction waits until the disk has it. */
function setSynced(isWanted: boolean): void {
  const { db, isSynced } = open()
  if (isSynced === isWanted) return
  db.exec(`PRAGMA synchronous = ${isWanted ? 'FULL' : 'NORMAL'}`)
  opened = { ...open(), isSynced: isWanted }
}

function ask(methods: AtOnce<Methods>, { method, args }: Request): unknown {
  return (methods[method] as (...args: readonly unknown[]) => unknown)(...args)
}

function failed(id: number, error: unknown): Answer {
  const { code, message } = error as { code?: string; message: string }
  const told = error instanceof StoreError ? error : storeError(code ?? '', message, path)
  return { id, trouble: told.trouble, message: told.message }
}

function together(requests: readonly Request[]): Answer[] {
  const { db, methods } = open()
  if (requests.every(({ method }) => (READS as readonly string[]).includes(method))) {
    return requests.map(request => {
      try {
        return { id: request.id, result: ask(methods, request) }
      } catch (error) {
        return failed(request.id, error)
      }
    })
  }
  setSynced(!requests.every(({ method }) => RECORDS.includes(method)))
  db.exec('BEGIN IMMEDIATE')
  try {
    const answers = requests.map((request): Answer => {
      if (requests.length === 1) return { id: request.id, result: ask(methods, request) }
      db.exec('SAVEPOINT one')
      try {
        const result = ask(methods, request)
        db.exec('RELEASE one')
        return { id: request.id, result }
      } catch (error) {
        db.exec('ROLLBACK TO one; RELEASE one')
        return failed(request.id, error)
      }
    })
    db.exec('COMMIT')
    return answers
  } catch (error) {
    try {
      db.exec('ROLLBACK')
    } catch {
      // a full disk has rolled it back already
    }
    throw error
  }
}

function close(): void {
  try {
    opened?.db.close()
  } catch {
    // it is given up in any case
  }
  opened = undefined
}

function answer(requests: readonly Request[]): Answer[] {
  if (requests.length === 0) return []
  try {
    return together(requests)
  } catch (error) {
    // whatever it is, a file that is opened anew may be a good one: somebody has put a backup in its place, or made room
    close()
    return requests.map(({ id }) => failed(id, error))
  }
}

const port = parentPort as MessagePort
/** What a caller's answer waits for, and all else. */
const first: Request[] = []
const others: Request[] = []
/** Transactions of callers since others had their turn. */
let passed = 0
let closing = false

function take(message: Request | 'close'): void {
  if (message === 'close') closing = true
  else (message.method === 'put' ? first : others).push(message)
}

function takeAll(): void {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) take(next.message as Request | 'close')
}

function nextTogether(): Request[] {
  const isTheirs = first.length === 0 || (others.length > 0 && passed >= MOST_PASSED)
  passed = isTheirs ? 0 : passed + 1
  return (isTheirs ? others : first).splice(0, MOST_TOGETHER)
}

port.on('message', (message: Request | 'close') => {
  take(message)
  do {
    takeAll()
    for (const one of answer(nextTogether())) port.postMessage(one)
  } while (first.length + others.length > 0)
  if (!closing) return
  close()
  port.close()
})
