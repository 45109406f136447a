/** A problem as editors show it. */
import { readFileSync } from 'node:fs'
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver'
import type { Diagnostic } from 'vscode-languageserver'
import { pathToFileURL } from 'node:url'
import { isWholeFile, Places, wholeMessage } from '../problem/findings.ts'
import type { Problem, Severity } from '../problem/problem.ts'
import { locationOf, rangeOf } from './scene.ts'
import type { View } from './scene.ts'

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information }
/** What could be deleted without any caller noticing: editors show it faded. */
const UNUSED = ['unreachable-state', 'unused-prompt', 'unused-value']

/** The problem of a view; `views` finds those of related places. */
export function diagnosticOf(problem: Problem, view: View, views: (path: string) => View | undefined): Diagnostic {
  const related = (problem.related ?? []).flatMap(({ file, span, message }) => {
    const other = views(file)
    return other === undefined ? [] : [{ location: locationOf(other, span), message }]
  })
  const page = pageOf(problem.code)
  return {
    range: isWholeFile(new Places(new Map([[problem.file, view.text]])), problem.file, problem.span) ? firstLine(view) : rangeOf(view, problem.span),
    severity: SEVERITIES[problem.severity], source: 'tonval', code: problem.code, message: wholeMessage(problem),
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
    ...(UNUSED.includes(problem.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  }
}

function firstLine(view: View): Diagnostic['range'] {
  const newline = view.text.indexOf('\n')
  return rangeOf(view, { start: 0, end: newline < 0 ? view.text.length : newline })
}

const packageRoot = new URL(import.meta.url.includes('/build/src/') ? '../../../' : '../../', import.meta.url)
let rows: ReadonlyMap<string, number> | undefined

/** The address of a rule's row in the README that tonval brings along: nothing is asked for over a network. */
export function pageOf(code: string): string | undefined {
  rows ??= readRows()
  const line = rows.get(code)
  return line === undefined ? undefined : `${new URL('README.md', packageRoot).href}#L${line}`
}

function readRows(): ReadonlyMap<string, number> {
  try {
    const lines = readFileSync(new URL('README.md', packageRoot), 'utf8').split('\n')
    return new Map(lines.flatMap((line, index): [string, number][] => {
      const code = /^\| `([a-z-]+)` \| (?:error|warning|info) \|/.exec(line)?.[1]
      return code === undefined ? [] : [[code, index + 1]]
    }))
  } catch {
    // a package without its README has no pages to point at
    return new Map()
  }
}

/** The address of a file's path. */
export function uriOf(path: string): string {
  return pathToFileURL(path).href
}
