/** `tonval init`: a folder with a flow that answers calls, its scripted calls and editor settings. */
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { quoted } from '../validate/words.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command } from './io.ts'
import { readOptions } from './options.ts'
import { GIT_IGNORE, STARTER, STARTER_CALLS, STARTER_FLOW, STARTER_SOUNDS, VSCODE_EXTENSIONS, VSCODE_SETTINGS } from './starter.ts'

const HELP = `tonval init: makes a folder with a flow to begin with

Usage: tonval init [DIR]

DIR (default: this folder) is made if it is not there. It gets a flow with its sounds, the
calls that it must hold, the schemas that editors complete from, settings of VS Code, and a
.gitignore. A file that is already there is never overwritten: then nothing is written.

  -h, --help

Exit status: 0, 2 bad usage or a file that is already there, 3 a fault of tonval.
`

/** From the built program: the package's own folder, where its schemas and flows lie. */
const PACKAGE = new URL(import.meta.url.includes('/build/src/') ? '../../../' : '../../', import.meta.url)

export const init: Command = async (args, io) => {
  const options = readOptions(args, {})
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  if (options.rest.length > 1) throw new UsageError(`\`init\` takes one folder, and here are ${options.rest.length}: ${options.rest.join(', ')}`)
  const shown = join(options.rest[0] ?? '.')
  const folder = resolve(io.cwd, shown)
  const files = await starterFiles()
  const there = await existing(folder, files.map(file => file.path))
  if (there.length > 0) {
    throw new UsageError(`${quoted(there.map(path => join(shown, path)))} ${there.length === 1 ? 'is' : 'are'} already there and ${there.length === 1 ? 'is' : 'are'} never overwritten: nothing was written; choose another folder, or move ${there.length === 1 ? 'it' : 'them'} away`)
  }
  for (const { path, content } of files) await write(join(folder, path), content, join(shown, path))
  io.stdout.write([...files.map(file => `made ${join(shown, file.path)}`), '', ...next(shown)].join('\n') + '\n')
  return EXIT.clean
}

function next(shown: string): readonly string[] {
  const steps = [
    ['tonval lint', 'checks it'],
    ['tonval test --coverage', 'holds its calls'],
    [`tonval call ${STARTER}`, 'calls it from this terminal'],
    ['tonval serve', 'answers calls with it'],
  ] as const
  const width = Math.max(...steps.map(([command]) => command.length))
  return ['Next:', ...(shown === '.' ? [] : [`  cd ${/^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll('\'', '\'\\\'\'')}'`}`]), ...steps.map(([command, does]) => `  ${command.padEnd(width)}   ${does}`)]
}

interface File {
  /** Below the folder. */
  readonly path: string
  readonly content: string | Uint8Array
}

async function starterFiles(): Promise<readonly File[]> {
  const ours = (path: string): Promise<Uint8Array> => readFile(new URL(path, PACKAGE))
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
  return [
    { path: `flows/${STARTER}.yaml`, content: STARTER_FLOW },
    { path: `flows/${STARTER}.calls.yaml`, content: STARTER_CALLS },
    ...await Promise.all(STARTER_SOUNDS.map(async name => ({ path: `flows/${STARTER}/${name}.mp3`, content: await ours(`flows/switchboard/${name}.mp3`) }))),
    ...await Promise.all(['flow', 'calls'].map(async name => ({ path: `schema/${name}.schema.json`, content: await ours(`schema/${name}.schema.json`) }))),
    { path: '.vscode/settings.json', content: json(VSCODE_SETTINGS) },
    { path: '.vscode/extensions.json', content: json(VSCODE_EXTENSIONS) },
    { path: '.gitignore', content: GIT_IGNORE },
  ]
}

/** Which of the paths are there, whatever they are: a link that leads nowhere is there, too. */
async function existing(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(path => lstat(join(folder, path)).then(() => [path], () => [])))
  return found.flat()
}

async function write(path: string, content: string | Uint8Array, shown: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content, { flag: 'wx' })
  } catch (error) {
    throw new UsageError(`\`${shown}\` cannot be written: ${(error as Error).message}`, { cause: error })
  }
}
