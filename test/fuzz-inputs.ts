/** Texts that nobody would write on purpose, for a check that must survive them all; the same for the same seed. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { mutant } from './mutants.ts'

const word = fc.constantFrom(
  'start', 'states', 'menu', 'ivr', 'play', 'connect', 'record', 'route', 'when', 'goto', 'on', 'next', 'end', 'set', 'vars', 'prompts', 'defaults', 'keys', 'numbers', 'note',
  '1', '"#"', '*', '&a', '*a', '<<', '!!int', '%YAML 1.1', '---', '...', '{', '}', '[', ']', ',', ':', ': ', '- ', '? ', '| ', '>-', '"', "'", '{{caller}}', '{{', '#', ' # x', '\n', '\n  ', '\n    ', '\n      ', '\t', '\r\n',
  'menu.mp3', '"+46846500411"', 'true', '~', '0x10', '.inf', 'é', '\u00a0', '\u200b', '\u2028', '\ufeff', '\ud800', '\u0000', '<<<<<<< HEAD', '# tonval-ignore no-human -- x', '__proto__', 'constructor', 'toString', '(((((', '[[a-z]*]*',
)
const soup = fc.array(word, { maxLength: 120 }).map(words => words.join(''))
const lines = fc.array(fc.tuple(fc.nat(6), word, word), { maxLength: 60 }).map(rows => rows.map(([indent, key, value]) => `${'  '.repeat(indent)}${key}: ${value}`).join('\n'))
const binary = fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.from(bytes).toString('utf8'))
const framed = fc.oneof(soup, lines, binary).map(text => `start: s\nstates:\n  s:\n    ${text.replaceAll('\n', '\n    ')}\n`)

const repeat = (text: string, count: number): string => text.repeat(count)
/** What grows: nesting, aliases, one line without an end, keys, expressions. Each of at most 256 KiB. */
const LARGE: readonly (() => string)[] = [
  () => `start: ${repeat('[', 100_000)}`,
  () => `start: s\nstates: ${repeat('{ a: ', 40)}x${repeat(' }', 40)}\n`,
  () => repeat('a:\n ', 2_000) + 'x',
  () => Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(Math.min(depth, 120))}a${depth}:`).join('\n'),
  () => `a: &a [x]\n${Array.from({ length: 5_000 }, (_, i) => `k${i}: *a`).join('\n')}\n`,
  () => `a0: &a0 x\n${Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}\n`,
  () => `start: s\nstates:\n${Array.from({ length: 3_000 }, (_, i) => `  s${i}: { play: a.mp3, next: s${(i * 7919) % 3_000} }`).join('\n')}\n`,
  () => `start: s\nstates:\n${Array.from({ length: 4_000 }, (_, i) => `  s${i}: { dial: x, nxet: s${i}x }`).join('\n')}\n`,
  () => `start: s\nstates:\n  s: { ivr: menu.mp3, on: { ${Array.from({ length: 9_000 }, (_, i) => `${i}: end`).join(', ')} }, next: end }\n`,
  () => `start: s\nstates:\n  s:\n    route:\n${Array.from({ length: 3_000 }, (_, i) => `      - { when: { value: "{{caller}}", matches: "(a*)*${i}" }, goto: end }`).join('\n')}\n      - { goto: end }\n`,
  () => `title: "${repeat('å ', 120_000)}"\nstart: s\nstates: { s: { play: a.mp3, next: end } }\n`,
  () => `start: s\nstates: { s: { play: "${repeat('{{x}}', 40_000)}", next: end } }\n`,
  () => `start: s\nstates: { s: { play: "${repeat('{{', 100_000)}", next: end } }\n`,
  () => repeat('# tonval-ignore x -- y\n', 10_000) + 'start: s\nstates: { s: { play: a.mp3, next: end } }\n',
  () => repeat('\t', 200_000),
  () => repeat('"', 200_000),
  () => repeat('- ', 120_000),
  () => repeat('? ', 120_000),
  () => repeat('!a ', 80_000),
  () => repeat('&a ', 80_000),
  () => repeat('a: b: ', 40_000),
  () => repeat('{a: 1, ', 30_000),
  () => repeat('\u00a0x: 1\n', 30_000),
  () => repeat('press 1 or 2 or ', 16_000),
  () => `start: s\nprompts: { p: { file: menu.mp3, text: "${repeat('press 1 or ', 20_000)}" } }\nstates: { s: { ivr: p, on: { 1: end }, next: end } }\n`,
  () => `${repeat('---\n', 60_000)}`,
  () => `start: |\n${repeat('  x\n', 60_000)}`,
  () => `vars: { ${Array.from({ length: 8_000 }, (_, i) => `v${i}: "{{v${i + 1}}}"`).join(', ')} }\n`,
  () => repeat('\ufffd', 80_000),
]

/** All the large inputs. */
export function largeInputs(): string[] {
  return LARGE.map(make => make())
}

/** Any number of small inputs. */
export function smallInputs(count: number, seed: number): string[] {
  return fc.sample(fc.oneof({ weight: 4, arbitrary: mutant(5) }, soup, lines, binary, framed), { numRuns: count, seed })
}
