/** `tonval diff`: what changes for callers between two flows, folders or versions, in words. */
import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { check, rebuild } from '../check.ts'
import type { CheckSettings, VersionSource } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import { diff as diffFlow } from '../diff/diff.ts'
import { diffFlows } from '../diff/diff-flows.ts'
import type { FlowChange } from '../diff/diff-flows.ts'
import { renderCompact } from '../problem/render-compact.ts'
import { readFolder } from '../reload/read-folder.ts'
import { nearest } from '../validate/nearest.ts'
import { checkSettings } from './check-settings.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'
import { findStored, sourceIn, versionsIn } from './stored.ts'
import type { Stored } from './stored.ts'

const HELP = `tonval diff: says what changes for callers, in words

Usage: tonval diff A B

A is what is there before, B what comes after. Each is a flow's file, a folder of flows, or
FLOW@VERSION: a stored version (its first digits are enough), or FLOW@live, the one that
answers calls now. Comments, formatting, titles and the order of states change nothing.

  --admin HOST:PORT  the running server whose versions are meant   TONVAL_ADMIN   127.0.0.1:8047
  --data DIR         takes versions from this data folder; without
                     a server and this option: \`.tonval\`           TONVAL_DATA
  --format FORMAT    text (default) or json
  -h, --help

Exit status: 0 nothing changes for callers, 1 something does, 2 bad usage, 3 a fault of tonval.
`

/** What stands on one side: one flow, or the flows of a folder. */
type Side = { readonly one: Flow } | { readonly folder: ReadonlyMap<string, Flow> }

export const diff: Command = async (args, io) => {
  const options = readOptions(args, { admin: 'text', data: 'text', format: ['text', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [a, b, ...more] = options.rest
  if (a === undefined || b === undefined || more.length > 0) throw new UsageError(`two flows, folders or versions are compared, and here ${options.rest.length === 1 ? 'is 1' : `are ${options.rest.length}`}`)
  let stored: Promise<Stored> | undefined
  const find = (): Promise<Stored> => (stored ??= findStored({ admin: options.text('admin'), data: options.text('data') }, io))
  const changes = compare(await sideOf(a, io, find), await sideOf(b, io, find), a, b)
  if (options.text('format') === 'json') io.stdout.write(`${JSON.stringify({ version: 1, before: a, after: b, same: changes.length === 0, changes })}\n`)
  else io.stdout.write(changes.length === 0 ? 'nothing changes for callers\n' : changes.map(change => `${change.text}\n`).join(''))
  return changes.length === 0 ? EXIT.clean : EXIT.found
}

function compare(before: Side, after: Side, a: string, b: string): readonly FlowChange[] {
  if ('folder' in before && 'folder' in after) {
    return diffFlows(before.folder, after.folder).map(change => (change.kind === 'flow-new' || change.kind === 'flow-gone' ? change : { ...change, text: `${change.flow}: ${change.text}` }))
  }
  const name = 'one' in before ? before.one.name : (after as { one: Flow }).one.name
  const old = 'one' in before ? before.one : before.folder.get(name)
  const now = 'one' in after ? after.one : after.folder.get(name)
  if (old === undefined || now === undefined) throw new UsageError(`there is no flow \`${name}\` in \`${old === undefined ? a : b}\``)
  return diffFlow(old, now).map(change => ({ flow: now.name, ...change }))
}

async function sideOf(written: string, io: Io, find: () => Promise<Stored>): Promise<Side> {
  const path = resolve(io.cwd, written)
  const found = await stat(path).catch(() => undefined)
  const settings = checkSettings(io.env)
  if (found?.isDirectory() === true) return { folder: await flowsIn(written, path, settings, undefined) }
  if (found !== undefined) {
    if (!written.endsWith('.yaml') || written.endsWith('.calls.yaml')) throw new UsageError(`\`${written}\` is no flow: a flow is a file that ends in \`.yaml\``)
    const name = basename(path, '.yaml')
    return { one: (await flowsIn(dirname(written), dirname(path), settings, name)).get(name) as Flow }
  }
  const match = /^([a-z][a-z0-9_-]*)@([0-9a-f]{1,64}|live)$/.exec(written)
  if (match === null) throw new UsageError(`\`${written}\` does not exist${written.includes('@') ? '; a version is written FLOW@VERSION, its digits are 0 to 9 and a to f' : ''}`)
  const source = await versionOf(await find(), match[1] as string, match[2] as string)
  const flow = rebuild(source, settings)
  if (flow === undefined) throw new UsageError(`\`${written}\` can no longer be made: an environment variable that it names is not set here, or this tonval no longer reads it`)
  return { one: flow }
}

/** The flows of a folder as callers would meet them, or one of them. Throws a UsageError with what lint says where one cannot be read as a flow. */
async function flowsIn(shown: string, folder: string, settings: CheckSettings, only: string | undefined): Promise<Map<string, Flow>> {
  const set = await readFolder(folder, new Map(), join(shown))
  const flows = new Map<string, Flow>()
  const broken: string[] = []
  for (const file of set.flows.filter(one => only === undefined || one.name === only)) {
    // the rules are not asked: what they refuse can still be compared
    const flow = file.unreadable === undefined ? rebuild({ language: 1, name: file.name, path: file.path, text: file.text, sounds: [...set.sounds], files: [...(set.files ?? [])].map(([path, { text }]) => [path, text]) }, settings) : undefined
    if (flow === undefined) broken.push(file.path)
    else flows.set(file.name, flow)
  }
  if (broken.length > 0) {
    const problems = check({ ...set, calls: [] }, settings).problems.filter(problem => problem.severity === 'error' && broken.includes(problem.file))
    throw new UsageError(`there is nothing to compare:\n${renderCompact({ problems, sources: new Map(set.flows.map(file => [file.path, file.text])), checked: { files: broken, states: 0 } })}`.trimEnd())
  }
  if (flows.size === 0) throw new UsageError(`there is no flow in \`${shown}\`: a flow is a file that ends in \`.yaml\``)
  return flows
}

async function versionOf(stored: Stored, name: string, wanted: string): Promise<VersionSource> {
  const all = await versionsIn(stored)
  const own = all.filter(one => one.flow === name)
  if (own.length === 0) {
    const meant = nearest(name, [...new Set(all.map(one => one.flow))])
    throw new UsageError(`there is no version of a flow \`${name}\`${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`)
  }
  const matching = own.filter(one => (wanted === 'live' ? one.live : one.version.startsWith(wanted)))
  if (matching.length > 1) throw new UsageError(`${matching.length} versions of \`${name}\` begin with \`${wanted}\`: write more digits`)
  const source = matching[0] === undefined ? undefined : await sourceIn(stored, matching[0].version)
  if (source === undefined) throw new UsageError(wanted === 'live' ? `no version of \`${name}\` is live` : `\`${name}\` has no version \`${wanted}\`; \`tonval versions ${name}\` lists them`)
  return source
}
