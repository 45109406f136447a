/** Adds the call just made to a file of scripted calls. */
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { listSends } from '../../emulator/script/list-sends.ts'
import { freeName, repliesOf } from '../../emulator/script/replies.ts'
import { stepsOf } from '../../emulator/script/scripted-call.ts'
import type { ScriptedCall } from '../../emulator/script/scripted-call.ts'
import { addCall, namesIn, writeCall } from '../../emulator/script/write-script.ts'
import { atomicWrite } from '../../store/atomic-write.ts'
import { checkSettings } from '../check-settings.ts'
import { UsageError } from '../io.ts'
import type { Io } from '../io.ts'
import { labeller } from './place.ts'
import type { Callee } from './place.ts'
import type { CallRequest } from './request.ts'
import type { Outcome } from './summary.ts'

/** Throws a UsageError where the file could not be written: before the call, not after ten minutes of it. */
export async function checkRecord(file: string, cwd: string): Promise<void> {
  const folder = dirname(resolve(cwd, file))
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new UsageError(`--record: there is no folder \`${dirname(file)}\``)
  const text = await readText(resolve(cwd, file))
  if (addCall(text, { name: 'a call', steps: ['end'] }, basename(file)) === undefined) {
    throw new UsageError(`--record: nothing can be added to \`${file}\`: it holds no \`calls:\` written as a list with a line for each item`)
  }
}

/** Writes the call; where that fails it is shown instead, so that it is not lost. */
export async function recordCall(request: CallRequest, file: string, callee: Callee, outcome: Outcome, io: Io): Promise<void> {
  const path = resolve(io.cwd, file)
  const before = await readText(path)
  const made = scripted(request, callee, outcome, before === undefined ? [] : namesIn(before, file))
  const call = callee.here === undefined || (outcome.sent ?? []).length === 0 ? made : listSends(callee.here.set, callee.here.served.source, made, checkSettings(io.env))
  const text = addCall(before, call, basename(file))
  if (text === undefined) {
    io.stderr.write(`tonval call: ${file} was changed meanwhile; nothing was added. This is the call:\n${writeCall(call)}`)
    return
  }
  await atomicWrite(path, text)
  io.stderr.write(`added to ${file}: ${call.name}\n`)
}

function scripted(request: CallRequest, callee: Callee, { report, steps = [], replies = [], base }: Outcome, taken: readonly string[]): ScriptedCall {
  const label = labeller(callee)
  const made = stepsOf(report, { label: address => label(address).word ?? label(address).name, base, isPlainEnd: steps.at(-1)?.trace.at(-1)?.to === 'end' })
  return {
    name: freeName(request.name ?? derived(request), taken),
    ...(request.at !== undefined && { at: request.at.text }),
    ...(typeof request.from === 'string' && { from: request.from }),
    ...(request.to !== undefined && { to: request.to }),
    ...(replies.length > 0 && { given: { fetch: repliesOf(callee.here?.served.flow, replies) } }),
    steps: made,
  }
}

function derived({ words, keys }: CallRequest): string {
  return keys === undefined ? 'A call by hand' : `Keys ${words.trim().replace(/[\s,]+/g, ' ')}`.trim()
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UsageError(`--record: \`${path}\` cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
