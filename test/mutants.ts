/** Good flows, and what becomes of them under slips of the keyboard: every draw is the same for the same seed. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { PAGES } from '../src/lint/pages.ts'

/** Flows that stand in this repository, whose sounds are files of every test's folder, too. */
export const GOOD: readonly string[] = [
  ...[...PAGES.values()].map(page => page.valid.replace(/^\n/, '')),
  ...['switchboard', 'helpline', 'carrier-example'].map(name => readFileSync(`flows/${name}.yaml`, 'utf8')),
]

const letters = fc.constantFrom('a', 'e', 'n', 'x', '1', '5', ' ', ':', '"', '{', '}', '[', ']', ',', '#', '*', '-', '\n', '\t', 'ö', '|', '&', '+')

/** One slip in a text: a letter more, less, wrong or swapped, a line gone, doubled, moved or indented, a cut. */
export function slip(text: string): fc.Arbitrary<string> {
  const lines = text.split('\n')
  const line = fc.nat(Math.max(0, lines.length - 2))
  const place = fc.nat(Math.max(0, text.length - 2))
  return fc.oneof(
    fc.tuple(place, letters).map(([at, letter]) => text.slice(0, at) + letter + text.slice(at + 1)),
    fc.tuple(place, letters).map(([at, letter]) => text.slice(0, at) + letter + text.slice(at)),
    place.map(at => text.slice(0, at) + text.slice(at + 1)),
    place.map(at => text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2)),
    line.map(at => lines.toSpliced(at, 1).join('\n')),
    line.map(at => lines.toSpliced(at, 0, lines[at] ?? '').join('\n')),
    fc.tuple(line, line).map(([from, to]) => lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? '').join('\n')),
    fc.tuple(line, fc.constantFrom('  ', '\t', ' ')).map(([at, indent]) => lines.with(at, indent + (lines[at] ?? '')).join('\n')),
    line.map(at => lines.with(at, (lines[at] ?? '').replace(/"/g, '')).join('\n')),
    place.map(at => text.slice(0, at)),
  )
}

/** A good flow with some slips; none leaves it as it is. */
export function mutant(most: number): fc.Arbitrary<string> {
  const grow = (text: string, left: number): fc.Arbitrary<string> => (left === 0 ? fc.constant(text) : slip(text).chain(next => grow(next, left - 1)))
  return fc.tuple(fc.constantFrom(...GOOD), fc.nat(most)).chain(([text, slips]) => grow(text, slips))
}

/** A text with what safe mends tidy up: numbers without quotes, remarks in texts, a last line without an end, an odd space. */
export function untidy(text: string): fc.Arbitrary<string> {
  return fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()).map(([numbers, remark, end, space, windows]) => {
    let now = numbers ? text.replace(/"(\+\d+)"(?=[,\s}])/g, '$1') : text
    if (remark && !now.includes('title:')) now = `# the line\ntitle: Line # 1\n${now}`
    if (end) now = now.trimEnd()
    if (space) now = now.replace(': ', ':\u00a0')
    return windows ? now.replaceAll('\n', '\r\n') : now
  })
}

/** Sound files that the flows name, by name, and the one that holds something else than it says. */
export const SOUND_NAMES: readonly string[] = [...new Set(GOOD.flatMap(text => text.match(/[\w/-]+\.(?:mp3|wav|ogg)/g) ?? []))]
