/** Reads a case of test/cases/render/: places are written as a line and the text on it, not as offsets. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Findings } from '../src/problem/findings.ts'
import { Lines } from '../src/problem/lines.ts'
import type { Problem, Related, Severity, Span } from '../src/problem/problem.ts'

interface At {
  readonly file?: string
  readonly line: number
  readonly text: string
}

interface WrittenProblem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly file?: string
  readonly at?: At
  readonly label?: string
  readonly context?: At & { readonly label: string }
  readonly effect?: string
  readonly help?: string
  readonly related?: readonly (At & { readonly message: string })[]
  readonly fix?: { readonly safe: boolean; readonly text: string }
}

interface Written {
  readonly states?: number
  readonly width?: number
  readonly color?: boolean
  readonly sources: Readonly<Record<string, string>>
  readonly problems: readonly WrittenProblem[]
}

export interface RenderCase {
  readonly findings: Findings
  readonly width: number
  readonly color: boolean
}

/** A case, with `{{100 word }}` written out. */
export function readRenderCase(path: string): RenderCase {
  const long = (text: string): string => text.replace(/\{\{(\d+) ([^}]*)\}\}/g, (_, count, word: string) => word.repeat(Number(count)))
  const written = JSON.parse(long(JSON.stringify(parse(readFileSync(path, 'utf8'))))) as Written
  const sources = new Map(Object.entries(written.sources))
  const problems = written.problems.map(problem => read(problem, sources))
  return { findings: { problems, sources, checked: { files: [...sources.keys()].sort(), states: written.states ?? 0 } }, width: written.width ?? 100, color: written.color ?? false }
}

function read({ at, context, related, fix, ...rest }: WrittenProblem, sources: ReadonlyMap<string, string>): Problem {
  const [first = ''] = sources.keys()
  const file = rest.file ?? first
  const span = at === undefined ? { start: 0, end: 0 } : find(at, file, sources)
  return {
    ...rest, file, span,
    ...(context === undefined ? {} : { context: { span: find(context, file, sources), label: context.label } }),
    ...(related === undefined ? {} : {
      related: related.map((one): Related => ({ file: one.file ?? file, span: find(one, one.file ?? file, sources), message: one.message })),
    }),
    ...(fix === undefined ? {} : { fix: { safe: fix.safe, edits: [{ span, text: fix.text }] } }),
  }
}

function find({ line, text }: At, file: string, sources: ReadonlyMap<string, string>): Span {
  const source = sources.get(file) ?? ''
  const start = source.indexOf(text, new Lines(source).start(line))
  if (start < 0) throw new Error(`${file} has no ${text} from line ${line} on`)
  return { start, end: start + text.length }
}
