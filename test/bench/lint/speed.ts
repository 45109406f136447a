/** How long lint takes, against the limits of design/lint.md. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatedFlow } from './generated.ts'
import { problemsIn } from './score.ts'

/** Milliseconds of the processor: what else the machine does must not count. */
function once(work: () => void): number {
  const began = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

function wall(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

function least(times: number, work: () => void): number {
  return Math.min(...Array.from({ length: times }, () => once(work)))
}

function soundsOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\b[\w/-]{1,60}\.mp3\b/g)].map(match => match[0]))]
}

/** `tonval lint` in a process of its own, over a folder with one generated flow. */
function cold(states: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-lint-'))
  try {
    writeFileSync(join(folder, 'generated.yaml'), generatedFlow(states))
    // by the clock: an idle machine is asked for
    return Math.min(...Array.from({ length: 3 }, () => wall(() => {
      try {
        execFileSync(process.execPath, ['build/src/cli/main.js', 'lint', folder], { stdio: 'ignore' })
      } catch {
        // status 1: the folder has no sounds
      }
    })))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Inputs of 256 KiB, of the kinds that make readers slow. */
export function largeInputs(): [name: string, text: string][] {
  const size = 256 * 1024
  const fill = (piece: string, head = ''): string => head + piece.repeat(Math.ceil((size - head.length) / piece.length)).slice(0, size - head.length)
  const states = generatedFlow(5000).slice(0, size)
  return [
    ['a cut flow', states], ['opening brackets', fill('[')], ['opening braces', fill('{a: ')], ['quotes', fill('"')], ['colons', fill(':')], ['one word', fill('a')], ['dashes', fill('- ')],
    ['deeper and deeper', fill('a:\n ')], ['lines without colons', fill('hello\n')], ['broken lines', fill('  a: b: c\n', 'start: a\nstates:\n')], ['keys twice', fill('a: b\n')],
    ['a state twice', fill('  a: { play: b.mp3, next: c }\n', 'start: a\nstates:\n')], ['unclosed braces', fill('  a: { play: b.mp3, next: c\n', 'start: a\nstates:\n')],
    ['stars', fill('*')], ['anchors', fill('&a [*a, *a]\n')], ['tabs', fill('\t')], ['comments', fill('# a\n')], ['values', fill('{{a}} ', 'title: ')], ['line ends', fill('\n')],
    ['misspelt targets', Array.from({ length: 6000 }, (_, i) => `  state-${i}: { play: a.mp3, next: stat-${i} }\n`).join('').replace(/^/, 'start: state-1\nstates:\n').slice(0, size)],
  ]
}

/** A table of the measured times. */
export function speeds(): string {
  const rows: [string, string, number][] = [['50 states, cold process', '500', cold(50)], ['1,000 states, cold process', '1500', cold(1000)]]
  const [small, large] = [generatedFlow(300), generatedFlow(3000)].map(text => {
    const sounds = soundsOf(text)
    problemsIn(text, sounds)
    return least(3, () => void problemsIn(text, sounds))
  }) as [number, number]
  const lines = rows.map(([what, limit, time]) => `| ${what} | ${limit} ms | ${Math.round(time)} ms |`)
  lines.push(`| ten times the states (300, 3,000) | 12 times | ${(large / small).toFixed(1)} times (${Math.round(small)}, ${Math.round(large)} ms) |`)
  for (const [name, text] of largeInputs()) lines.push(`| 256 KiB: ${name} | 2000 ms | ${Math.round(once(() => void problemsIn(text, [])))} ms |`)
  return `| speed | limit | now |\n| --- | --- | --- |\n${lines.join('\n')}`
}
