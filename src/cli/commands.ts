/** The commands by name. Each is loaded only when it is called, so that `tonval lint` does not wait for a server's libraries. */
import { nearest } from '../validate/nearest.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { version } from './version.ts'

interface Entry {
  readonly does: string
  readonly load: () => Promise<Command>
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: { does: 'answer calls with the flows of a folder', load: async () => (await import('./serve.ts')).serve },
  lint: { does: 'check flows, without serving them', load: async () => (await import('./lint.ts')).lint },
  test: { does: 'hold scripted calls against their flows', load: async () => (await import('./test.ts')).test },
  call: { does: 'call a flow, or any 46elks application, from this terminal', load: async () => (await import('./call.ts')).call },
  switch: { does: 'show and flip the switches of a running server', load: async () => (await import('./switch.ts')).flipSwitch },
  outbox: { does: 'show what a running server sends, and send it anew or give it up', load: async () => (await import('./outbox.ts')).outbox },
  calls: { does: 'list the calls that a running server has on record', load: async () => (await import('./calls.ts')).calls },
  why: { does: 'say what happened in a call, and why it ended where it did', load: async () => (await import('./why.ts')).why },
  dial: { does: 'ring somebody, who meets a flow', load: async () => (await import('./dial.ts')).dial },
  diff: { does: 'say what changes for callers between two flows, folders or versions', load: async () => (await import('./diff.ts')).diff },
  versions: { does: 'list what flows were, and what is live', load: async () => (await import('./versions.ts')).versions },
  rollback: { does: 'put an earlier version of a flow back', load: async () => (await import('./rollback.ts')).rollback },
  init: { does: 'make a folder with a flow to begin with', load: async () => (await import('./init.ts')).init },
  lsp: { does: 'help an editor: problems, completion and more while flows are written', load: async () => (await import('./lsp.ts')).lsp },
  hours: { does: 'show when the schedules of a flow are open, and why', load: async () => (await import('./hours.ts')).hours },
  graph: { does: 'draw a flow: its states, and where their keys lead', load: async () => (await import('./graph.ts')).graph },
  sounds: { does: 'show every prompt, how it sounds and where it is played, and mend recordings', load: async () => (await import('./sounds.ts')).sounds },
  explain: { does: 'say what a rule of lint is for', load: async () => (await import('./explain.ts')).explain },
}

/** Runs the command that the arguments name, and resolves to the exit status; never rejects. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') return say(io, help())
  if (name === '--version' || name === '-v') return say(io, `${version()}\n`)
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (entry === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS))
    io.stderr.write(`tonval: there is no command \`${name}\`${meant === undefined ? '' : `; did you mean \`tonval ${meant}\`?`}\n\`tonval --help\` lists the commands\n`)
    return EXIT.usage
  }
  try {
    return await (await entry.load())(rest, io)
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`tonval ${name}: ${error.message}\n\`tonval ${name} --help\` shows how it is used\n`)
      return EXIT.usage
    }
    io.stderr.write(`tonval ${name}: this is a fault of tonval, not of your files\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return EXIT.internal
  }
}

function say(io: Io, text: string): number {
  io.stdout.write(text)
  return EXIT.clean
}

function help(): string {
  const names = Object.keys(COMMANDS)
  const width = Math.max(...names.map(name => name.length))
  return [
    'tonval: phone menus as YAML files', '', 'Usage: tonval COMMAND [ARGUMENTS]', '',
    ...names.map(name => `  ${name.padEnd(width)}  ${(COMMANDS[name] as Entry).does}`), '',
    '`tonval COMMAND --help` says more about one; `tonval --version` prints the version.\n',
  ].join('\n')
}
