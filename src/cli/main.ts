#!/usr/bin/env node
import { runCommand } from './commands.ts'
import { EXIT } from './io.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `tonval lint | head`: whoever reads has read enough
    if (error.code === 'EPIPE') return
    // a full disk: half an output must not pass for a clean one
    process.stderr.write(`tonval: the output cannot be written: ${error.message}\n`)
    process.exit(EXIT.internal)
  })
}

process.exitCode = await runCommand(process.argv.slice(2), {
  stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env, cwd: process.cwd(),
})
