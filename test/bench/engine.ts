/**
 * What a request costs: tonval, with its tokens, its log and its records, against a menu written by hand for Fastify,
 * and tonval with 10,000 states against tonval with six. With `--records`: tonval with calls on record against tonval without.
 *
 *   npm run bench -- [--records] [--starts 5] [--slices 8] [--seconds 0.4] [--callers 8]
 */
import { openSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENCE } from '../../src/prompts/silence.ts'
import { startBaseline } from './baseline.ts'
import { compare, readOptions, table } from './compare.ts'
import { startServer, type Running } from './server-process.ts'

/** The menu of baseline-server.ts. */
const SIX = `
title: Benchmark
start: menu
states:
  menu: { ivr: welcome.wav, on: { 1: sales, 2: information, noinput: bye, nomatch: bye, failed: bye } }
  information: { play: opening-hours.wav, skippable: true, next: menu }
  sales: { connect: "+46701234567", timeout: 20, on: { failed: voicemail } }
  voicemail: { record: true, beep: false, timelimit: 120, silence: true, on: { success: thanks, failed: bye } }
  thanks: { play: thanks.wav, skippable: false, on: { success: bye, failed: bye } }
  bye: { hangup: true }
`

/** The same, with states behind other keys. */
function many(states: number): string {
  const others = Array.from({ length: states }, (_, i) => `  more-${i}: { play: thanks.wav, next: ${i === 0 ? 'end' : `more-${i - 1}`} }\n`)
  return SIX.replace('2: information,', `2: information, 3: more-${states - 1},`) + others.join('')
}

const folders: string[] = []

async function startTonval(flow: string, ...more: readonly string[]): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'tonval-bench-'))
  folders.push(folder)
  const flows = join(folder, 'flows')
  await mkdir(flows)
  for (const name of ['welcome', 'opening-hours', 'thanks']) await writeFile(join(flows, `${name}.wav`), Buffer.concat([SILENCE, Buffer.from(name)]))
  await writeFile(join(flows, 'menu.yaml'), flow)
  let path: string | undefined
  return startServer({
    script: join(import.meta.dirname, '../../src/cli/main.js'),
    args: ['serve', flows, '--port', '0', '--host', '127.0.0.1', '--admin', '127.0.0.1:0', '--data', join(folder, 'data'), '--public-url', 'https://voice.example.com', ...more],
    // the rival's log goes to /dev/null too
    stderr: openSync('/dev/null', 'w'),
    address(line) {
      path ??= /(\/voice\/menu\?key=\S+)/.exec(line)?.[1]
      const origin = /^Carrier's side: +(\S+)/.exec(line)?.[1]
      return origin === undefined ? undefined : `${origin}${path}`
    },
  })
}

const args = process.argv.slice(2)
const options = readOptions(args.filter(arg => arg !== '--records'))
try {
  if (args.includes('--records')) await compareRecords()
  else await compareServers()
} finally {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}

async function compareRecords(): Promise<void> {
  const results = await compare([
    { name: 'tonval, no records', start: () => startTonval(SIX, '--keep-calls', '0') },
    { name: 'tonval, calls on record', start: () => startTonval(SIX) },
  ], options)
  console.log(table(results, options))
}

async function compareServers(): Promise<void> {
  const first = await compare([
    { name: 'by hand, Fastify', start: startBaseline },
    { name: 'tonval, 6 states', start: () => startTonval(SIX) },
  ], options)
  console.log(table(first, options))
  console.log()
  const second = await compare([
    { name: 'tonval, 6 states', start: () => startTonval(SIX) },
    { name: 'tonval, 10,000 states', start: () => startTonval(many(9994)) },
  ], options)
  console.log(table(second, options))
}
