/** Large flows, good ones and ones full of one mistake, and what each stage of a check costs on them. */
import { parse as parseYaml, stringify } from 'yaml'
import { parse } from '../../src/parse/parse.ts'
import { commentsIn } from '../../src/parse/comments.ts'
import { compile } from '../../src/compile/compile.ts'
import { FILE_RULES, RULES } from '../../src/lint/lint.ts'
import { exampleSet } from '../../src/lint/example.ts'
import { heardIn } from '../../src/lint/heard-in.ts'
import { runFileRule, runRule } from '../../src/lint/rule.ts'
import type { Page } from '../../src/lint/rule.ts'
import { walkOf } from '../../src/lint/walk/walk.ts'
import { SILENCE_FILE } from '../../src/prompts/silence.ts'
import { validate } from '../../src/validate/validate.ts'

/** Runs of one rule, as long as they take less than so many milliseconds together. */
const LEAST_ROUNDS = 12
const PATIENCE = 1000
export const SIZES = [100, 1_000, 10_000] as const
const { sounds, heard } = exampleSet({ name: '', severity: 'error', why: '', valid: '', invalid: '' }, 'valid')

/** A flow of every verb without an error. */
export function largeFlow(states: number): string {
  const rows = Array.from({ length: states - 1 }, (_, i) => {
    const next = `s${(i + 1) % (states - 1)}`
    switch (i % 6) {
      case 0: return `  s${i}:\n    ivr: menu.mp3\n    on:\n      1: ${next}\n      2: s${(i * 7 + 3) % (states - 1)}\n      noinput: bye\n      nomatch: bye\n      failed: bye\n`
      case 1: return `  s${i}: { connect: "+467017406${String(i % 100).padStart(2, '0')}", timeout: 20, on: { failed: ${next} } }\n`
      case 2: return `  s${i}: { play: welcome.mp3, skippable: false, next: ${next} }\n`
      case 3: return `  s${i}: { record: ask.mp3, timelimit: 100, next: ${next} }\n`
      case 4: return `  s${i}: { set: { last: "{{caller | last4}}" }, next: ${next} }\n`
      default: return `  s${i}:\n    route:\n      - { when: { caller: "+4670${i}*" }, goto: ${next} }\n      - { when: { value: "{{last}}", matches: "[0-9]{4}" }, goto: bye }\n      - { goto: ${next} }\n`
    }
  })
  return `title: Large\nstart: s0\nlanguage: sv\ntimezone: Europe/Stockholm\nnumbers: ["+46766861004"]\nstates:\n${rows.join('')}  bye: { play: bye.mp3, next: end }\n`
}

/** A flow that makes the mistake of a page over and over: the states of its example many times, each copy behind a line of a route. */
export function manyMistakes(page: Page, states: number): string {
  const text = page.invalid.replace(/^\n/, '')
  const example = parseYaml(text.replaceAll('\u00a0', ' '), { schema: 'failsafe', uniqueKeys: false }) as Record<string, unknown> & { states: Record<string, unknown>; start: string }
  const names = Object.keys(example.states)
  // values too get a name for each copy
  const values = new Set([...text.matchAll(/(?:save:|set: \{) *([a-z]+)/g)].map(match => match[1] as string))
  const copies = Math.floor(states / (names.length + 1))
  const all: Record<string, unknown> = {}
  for (let copy = 0; copy < copies; copy++) {
    const next = copy + 1 < copies ? `copy-${copy + 1}` : `${example.start}-${copy}`
    all[`copy-${copy}`] = { route: [{ when: { caller: `+4670${copy}` }, goto: `${example.start}-${copy}` }, { goto: next }] }
    for (const name of names) all[`${name}-${copy}`] = renamed(example.states[name], new Set([...names, ...values]), copy)
  }
  return stringify({ ...example, start: 'copy-0', ...(example['keys'] === undefined ? {} : { keys: renamed(example['keys'], new Set(names), 0) }), states: all }, { lineWidth: 0, aliasDuplicateObjects: false }) + (text.includes('#:') ? '# #: menu\n'.repeat(copies) : '')
}

function renamed(value: unknown, names: ReadonlySet<string>, copy: number): unknown {
  if (typeof value === 'string') return names.has(value) ? `${value}-${copy}` : value.replace(/\{\{([a-z]+)/g, (whole, name: string) => (names.has(name) ? `${whole}-${copy}` : whole))
  if (Array.isArray(value)) return value.map(one => renamed(one, names, copy))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key === 'set' || !names.has(key) ? key : `${key}-${copy}`, renamed(one, names, copy)]))
  return value
}

export interface Measured {
  readonly name: string
  /** Milliseconds, the least of the rounds. */
  readonly time: number
}

/** What reading a flow takes, stage by stage, and every rule over it; the least of the rounds. */
export function stages(text: string, rounds: number): Measured[] {
  const { timed, times } = stopwatch()
  for (let round = 0; round < rounds; round++) prepare(text, timed)
  return [...times(), ...[...RULES, ...FILE_RULES].map(({ name }) => ({ name, time: ruleTime(name, text, rounds) }))]
}

const prepared = new Map<string, ReturnType<typeof prepare>>()

/** What one rule takes over a flow; the least of the rounds. */
export function ruleTime(name: string, text: string, rounds: number): number {
  const { timed, times } = stopwatch()
  const known = prepared.get(text) ?? prepare(text, (_, run) => run())
  prepared.clear()
  prepared.set(text, known)
  const rule = RULES.find(one => one.name === name)
  const fileRule = FILE_RULES.find(one => one.name === name)
  // what is looked up in the tree is found quickly from the second time on, as it is in a check; short runs are repeated until one was not interrupted
  const began = performance.now()
  for (let round = 0; round <= rounds || (round < LEAST_ROUNDS && performance.now() - began < PATIENCE); round++) {
    if (rule !== undefined) timed(name, () => runRule(rule, known, () => undefined))
    if (fileRule !== undefined) timed(name, () => runFileRule(fileRule, { tree: known.tree, comments: known.comments, cover: () => undefined }, () => undefined))
  }
  return times()[0]?.time ?? 0
}

type Timed = <T>(name: string, run: () => T) => T

function stopwatch(): { readonly timed: Timed; times(): Measured[] } {
  const least = new Map<string, number>()
  return {
    timed(name, run) {
      const began = performance.now()
      const result = run()
      least.set(name, Math.min(least.get(name) ?? Infinity, performance.now() - began))
      return result
    },
    times: () => [...least].map(([name, time]) => ({ name, time })),
  }
}

function prepare(text: string, timed: Timed) {
  const { tree } = timed('parse', () => parse('large.yaml', text))
  if (tree === undefined) throw new Error('the flow cannot be parsed')
  const { document } = timed('validate', () => validate('large', tree))
  const { flow, promptsUsed, listsUsed, tablesUsed } = timed('compile', () => compile(document, { sounds, silence: SILENCE_FILE, env: {}, hosts: [] }))
  const walk = timed('walk', () => walkOf(flow))
  const comments = timed('comments', () => commentsIn(tree.text))
  return { flow, linked: flow, tree, data: document.data, walk, comments, outside: { numbers: new Set(flow.numbers), hasCalls: false, isUsed: false, taken: new Set<string>(), promptsUsed, listsUsed, tablesUsed, now: undefined, seconds: () => 25, heard: heardIn({ sounds, heard }) } }
}
