/** `tonval lsp`: the language server, on standard input and output. */
import { Readable, Writable } from 'node:stream'
import { serveEditor } from '../lsp/serve-editor.ts'
import type { Ended } from '../lsp/serve-editor.ts'
import { checkSettings } from './check-settings.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'
import { version } from './version.ts'

const HELP = `tonval lsp: the language server, for an editor that starts it

Usage: tonval lsp

It speaks the Language Server Protocol on standard input and output: problems while you
type, completion, explanations, definitions, references, new names, mends, an outline. The
README says how VS Code, Neovim, Helix and others start it.

Problems are those of \`tonval lint --info\`, of the whole folder of an open file, with unsaved
text in the place of the files. Scripted calls are held when a file is opened or saved;
while you type they are only read.

  --stdio            what some editors say; nothing else is possible
  -h, --help

Exit status: 0 when the editor has shut it down or is gone, 1 where it says \`exit\` without
\`shutdown\` (the protocol has it so), 3 a fault of tonval.
`

const STATUS: Readonly<Record<Ended, number>> = { 'shut down': EXIT.clean, 'editor gone': EXIT.clean, 'not shut down': EXIT.found, failed: EXIT.internal }

export const lsp: Command = async (args, io) => {
  const options = readOptions(args, { stdio: 'flag', clientProcessId: 'text' })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [first] = options.rest
  if (first !== undefined) throw new UsageError(`\`lsp\` takes no path, and \`${first}\` was given: the editor says what is open`)
  const input = io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin)
  const ended = await serveEditor({ input, output: outputOf(io), settings: checkSettings(io.env), version: version(), tell: text => io.stderr.write(text) })
  // an open standard input would keep the process
  input.destroy()
  return STATUS[ended]
}

function outputOf({ stdout }: Io): Writable {
  if (stdout instanceof Writable) return stdout
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      stdout.write(chunk.toString('utf8'))
      done()
    },
  })
}
