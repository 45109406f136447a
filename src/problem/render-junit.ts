/** JUnit's XML, the form that most build servers show as test results. */
import { Places, wholeMessage } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Problem } from './problem.ts'

/** One suite a file, one case a problem; a file without problems is one case that passed. `fails` says which problems count as failures: those that the exit status counts. */
export function renderJunit(findings: Findings, fails: (problem: Problem) => boolean): string {
  const places = new Places(findings.sources)
  const byFile = new Map<string, Problem[]>(findings.checked.files.map(file => [file, []]))
  for (const problem of findings.problems) {
    const others = byFile.get(problem.file)
    if (others === undefined) byFile.set(problem.file, [problem])
    else others.push(problem)
  }
  const suites = [...byFile].map(([file, problems]) => suite(file, problems, fails, places))
  const cases = [...byFile.values()].reduce((sum, problems) => sum + Math.max(1, problems.length), 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tonval lint" tests="${cases}" failures="${findings.problems.filter(fails).length}" errors="0">`,
    ...suites,
    '</testsuites>\n',
  ].join('\n')
}

function suite(file: string, problems: readonly Problem[], fails: (problem: Problem) => boolean, places: Places): string {
  const opening = `  <testsuite name="${escapeXml(file)}" tests="${Math.max(1, problems.length)}" failures="${problems.filter(fails).length}" errors="0" skipped="0">`
  const cases = problems.length === 0
    ? [`    <testcase name="no problems" classname="${escapeXml(file)}"/>`]
    : problems.map(problem => testcase(problem, fails(problem), places))
  return [opening, ...cases, '  </testsuite>'].join('\n')
}

function testcase(problem: Problem, failed: boolean, places: Places): string {
  const { line, column } = places.range(problem.file, problem.span).start
  const text = escapeXml(`${problem.file}:${line}:${column}: ${problem.severity}\n${wholeMessage(problem)}`)
  const body = failed
    ? `<failure type="${escapeXml(problem.code)}" message="${escapeXml(problem.message)}">${text}</failure>`
    : `<system-out>${text}</system-out>`
  return `    <testcase name="${escapeXml(`${problem.code} at ${line}:${column}`)}" classname="${escapeXml(problem.file)}">${body}</testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' }

/** Text for XML, for contents and attributes alike; characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').replace(/[&<>"\t\n\r]/g, character => ENTITIES[character] as string)
}
