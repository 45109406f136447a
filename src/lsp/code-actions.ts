/** The mends of problems, as an editor offers them. */
import { CodeActionKind } from 'vscode-languageserver'
import type { CodeAction, Diagnostic, Range, TextEdit } from 'vscode-languageserver'
import { applyFixes } from '../lint/apply-fixes.ts'
import type { Fix, Problem } from '../problem/problem.ts'
import { diagnosticOf } from './diagnostic.ts'
import { documentOf, rangeOf } from './scene.ts'
import type { Scene, View } from './scene.ts'

/** All safe mends of a file at once. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.tonval`

/** How an editor is told of edits. */
export type AsEdit = (edits: readonly (readonly [View, TextEdit[]])[]) => NonNullable<CodeAction['edit']>

/** The mends of the problems that touch a range; the safe ones are preferred. */
export function quickFixes(scene: Scene, range: Range, asEdit: AsEdit): CodeAction[] {
  const { view } = scene
  const document = documentOf(view)
  const start = document.offsetAt(range.start)
  const end = document.offsetAt(range.end)
  return ownProblems(scene).flatMap((problem): CodeAction[] => {
    const { fix, span } = problem
    if (fix === undefined || span.start > end || span.end < start) return []
    const diagnostic: Diagnostic = diagnosticOf(problem, view, path => scene.views.find(one => one.path === path))
    return [{
      title: titleOf(view, fix), kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit: asEdit([[view, editsOf(view, fix)]]),
      ...(fix.safe ? { isPreferred: true } : {}),
    }]
  })
}

/** The text of a file after its safe mends; the same text where there are none. */
export function mended(scene: Scene): string {
  return applyFixes(scene.view.text, ownProblems(scene), false).text
}

/** One action that brings a file to a text, and touches nothing before the first and behind the last difference. */
export function fixAll(view: View, after: string, asEdit: AsEdit): CodeAction[] {
  const before = view.text
  if (after === before) return []
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++
  let tail = 0
  while (tail < Math.min(before.length, after.length) - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  // never between the two halves of one character, or of one line end
  const whole = (at: number): boolean => !/[\ud800-\udbff\r]$/.test(before.slice(Math.max(0, at - 1), at))
  while (start > 0 && !whole(start)) start--
  while (tail > 0 && !whole(before.length - tail)) tail--
  const edit: TextEdit = { range: rangeOf(view, { start, end: before.length - tail }), newText: after.slice(start, after.length - tail) }
  return [{ title: 'Mend all problems that can be mended safely', kind: FIX_ALL, edit: asEdit([[view, [edit]]]) }]
}

function ownProblems(scene: Scene): readonly Problem[] {
  return scene.problems.filter(problem => problem.file === scene.view.path)
}

function editsOf(view: View, fix: Fix): TextEdit[] {
  const windows = view.text.includes('\r\n')
  return fix.edits.map(({ span, text }) => ({ range: rangeOf(view, span), newText: windows ? text.replace(/\r?\n/g, '\r\n') : text }))
}

function titleOf(view: View, fix: Fix): string {
  const [first] = fix.edits
  if (first === undefined) return 'Mend'
  const old = shorten(view.text.slice(first.span.start, first.span.end))
  const now = shorten(first.text)
  const title = old === '' ? `Insert \`${now}\`` : now === '' ? `Delete \`${old}\`` : `Change \`${old}\` to \`${now}\``
  return fix.edits.length === 1 ? title : `${title}, and ${fix.edits.length - 1} more`
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line === '' && text !== '' ? text.replace(/\r?\n/g, '⏎') : line.length > 40 ? `${line.slice(0, 39)}…` : line
}
