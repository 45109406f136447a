/** `# tonval-ignore RULE -- reason`: the author knows better. A silence must name a rule, give a reason and have an effect. */
import type { Comment } from '../parse/comments.ts'
import { commentsIn } from '../parse/comments.ts'
import type { Mapping, Node, Tree } from '../parse/tree.ts'
import type { Problem, Span } from '../problem/problem.ts'
import { Lines } from '../problem/lines.ts'
import { nearest } from '../validate/nearest.ts'
import type { Page } from './rule.ts'

export const badSilence: Page = {
  name: 'bad-silence',
  severity: 'warning',
  why: 'A silence that nobody explained, or that silences nothing, hides the next mistake.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
  # tonval-ignore unreachable-state -- the spring campaign leads here again
  spring: { play: news.mp3, next: end }
`,
  invalid: `
start: bye
states:
  # tonval-ignore unreachable-state -- the spring campaign leads here again
  bye: { play: bye.mp3, next: end }
`,
}

const MARK = /^#\s*tonval-ignore\b/

interface Silence {
  readonly comment: Comment
  readonly rule: string
  readonly reason: string
  /** The part of the file that it is about. */
  readonly about: Span
  readonly wholeFile: boolean
}

/** The problems without the silenced ones, and what is wrong with the silences. `whole`: all rules have looked at the file. */
export function silence(tree: Tree, problems: readonly Problem[], pages: ReadonlyMap<string, Page>, whole: boolean): Problem[] {
  if (!tree.text.includes('tonval-ignore')) return [...problems]
  const silences = silencesOf(tree)
  const used = new Set<Silence>()
  const left = problems.filter(problem => {
    const by = silences.filter(one => one.rule === problem.code && isAbout(one, problem))
    if (problem.severity === 'error' || by.length === 0) return true
    for (const one of by) used.add(one)
    return false
  })
  for (const one of silences) {
    const wrong = wrongWith(one, pages, used.has(one) || !whole)
    if (wrong !== undefined) left.push({ code: badSilence.name, severity: badSilence.severity, file: tree.file, span: one.comment.span, ...wrong })
  }
  return left
}

function wrongWith(one: Silence, pages: ReadonlyMap<string, Page>, hasEffect: boolean): { message: string; help: string } | undefined {
  const form = 'write `# tonval-ignore RULE -- reason`'
  if (one.rule === '') return { message: 'this silence names no rule', help: form }
  const page = pages.get(one.rule)
  if (page === undefined) {
    const word = nearest(one.rule, [...pages.keys()])
    return { message: `there is no rule \`${one.rule}\` to silence`, help: word === undefined ? '`tonval explain` lists the rules' : `did you mean \`${word}\`?` }
  }
  if (page.severity === 'error') return { message: `\`${one.rule}\` is an error, and errors cannot be silenced`, help: 'mend what it says, and delete this line' }
  if (one.reason === '') return { message: `this silence of \`${one.rule}\` gives no reason`, help: form }
  return hasEffect ? undefined : { message: `\`${one.rule}\` finds nothing here: this silence has no effect`, help: 'delete it, or move it to the line before what it is about' }
}

function isAbout(one: Silence, { span }: Problem): boolean {
  if (span.start === 0 && span.end === 0) return one.wholeFile
  return span.start >= one.about.start && span.start < one.about.end
}

function silencesOf(tree: Tree): Silence[] {
  const lines = new Lines(tree.text)
  const entries = entriesByLine(tree, lines)
  const said = linesThatSay(lines)
  const first = tree.root.entries[0]?.key.span.start ?? 0
  return commentsIn(tree.text).filter(comment => MARK.test(comment.text)).map(comment => {
    const [rule = '', ...rest] = comment.text.replace(MARK, '').trim().split(/\s+--(?:\s+|$)|^--\s*/)
    const { line, column } = lines.at(comment.span.start)
    const alone = lines.line(line).slice(0, column - 1).trim() === ''
    const about = aboutLine(alone ? said[line + 1] ?? line + 1 : line, lines, entries)
    return { comment, rule: rule.trim(), reason: rest.join(' ').trim(), about, wholeFile: comment.span.start < first }
  })
}

/** For each line the first one from it on that says something. */
function linesThatSay(lines: Lines): readonly number[] {
  const next: number[] = []
  for (let line = lines.count; line > 0; line--) next[line] = line < lines.count && /^\s*(#|$)/.test(lines.line(line)) ? next[line + 1] as number : line
  return next
}

/** The whole entry whose key begins a line, or that line. */
function aboutLine(line: number, lines: Lines, entries: ReadonlyMap<number, Span>): Span {
  return entries.get(line) ?? { start: lines.start(line), end: lines.start(line + 1) }
}

function entriesByLine(tree: Tree, lines: Lines): ReadonlyMap<number, Span> {
  const found = new Map<number, Span>()
  const walk = (node: Node): void => {
    if (node.kind === 'list') node.items.forEach(walk)
    if (node.kind === 'map') walkMap(node)
  }
  const walkMap = (map: Mapping): void => {
    for (const { key, value } of map.entries) {
      const { line } = lines.at(key.span.start)
      if (!found.has(line)) found.set(line, { start: key.span.start, end: Math.max(key.span.end, value.span.end) })
      walk(value)
    }
  }
  walk(tree.root)
  return found
}
