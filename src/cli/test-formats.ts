/** What scripted calls came to, for people and for build servers. */
import { counted, Places } from '../problem/findings.ts'
import type { Problem } from '../problem/problem.ts'
import { renderJson } from '../problem/render-json.ts'
import type { JsonReport } from '../problem/render-json.ts'
import { escapeXml } from '../problem/render-junit.ts'
import { renderProblems } from '../problem/render-pretty.ts'
import type { PrettyLook } from '../problem/render-pretty.ts'
import { wholeMessage } from '../problem/findings.ts'
import { coverageTable, percent } from './coverage.ts'
import type { FlowCoverage } from './coverage.ts'
import type { Result } from './hold-twice.ts'

export interface TestReport {
  readonly results: readonly Result[]
  /** What keeps flows or their calls from being held at all. */
  readonly problems: readonly Problem[]
  readonly sources: ReadonlyMap<string, string>
  readonly coverage: readonly FlowCoverage[] | undefined
  /** Percent of the edges that must be walked, and are not. */
  readonly tooFew: number | undefined
}

/** Whether anything failed. */
export function hasFailed({ results, problems, tooFew }: TestReport): boolean {
  return tooFew !== undefined || results.some(result => result.failure !== undefined) || problems.some(problem => problem.severity === 'error')
}

export function renderTestPretty(report: TestReport, look: PrettyLook): string {
  const { results, problems, sources, coverage, tooFew } = report
  const failures = results.flatMap(result => (result.failure === undefined ? [] : [result.failure]))
  const blocks = renderProblems([...problems, ...failures], sources, look)
  if (coverage !== undefined && coverage.length > 0) blocks.push(coverageTable(coverage).trimEnd())
  const held = failures.length === 0 ? `${counted(results.length, 'call')} ${results.length === 1 ? 'goes' : 'go'} as written` : `${failures.length} of ${counted(results.length, 'call')} ${failures.length === 1 ? 'fails' : 'fail'}`
  const errors = problems.filter(problem => problem.severity === 'error').length
  const few = tooFew === undefined ? '' : `, and fewer than ${tooFew} % of the edges are walked`
  blocks.push(`${held}${errors === 0 ? '' : `, and ${counted(errors, 'error')} ${errors === 1 ? 'keeps' : 'keep'} others from being held`}${few}`)
  return `${blocks.join('\n\n')}\n`
}

/** One JSON object, in the shape of `tonval lint --format json` where it speaks of problems. */
export function renderTestJson({ results, problems, sources, coverage }: TestReport): string {
  const places = new Places(sources)
  const asJson = (some: readonly Problem[]): JsonReport['problems'] => (JSON.parse(renderJson({ problems: some, sources, checked: { files: [], states: 0 } })) as JsonReport).problems
  const calls = results.map(({ held: { script, flow, transcript, departure }, failure, took }) => ({
    name: script.name, flow: flow.name, file: script.file, line: places.range(script.file, script.span).start.line, passed: failure === undefined, milliseconds: Math.round(took),
    ...(failure === undefined ? {} : { failure: { ...asJson([failure])[0], ...(departure === undefined ? {} : { expected: departure.expected, met: departure.met }) } }), transcript,
  }))
  const failed = results.filter(result => result.failure !== undefined).length
  const walked = coverage === undefined ? {} : { coverage: { percent: percent(coverage), flows: coverage } }
  return `${JSON.stringify({ version: 1, summary: { calls: results.length, passed: results.length - failed, failed }, calls, problems: asJson(problems), ...walked })}\n`
}

export function renderTestJunit({ results, problems, sources }: TestReport): string {
  const places = new Places(sources)
  const files = [...new Set([...problems.map(problem => problem.file), ...results.map(result => result.held.script.file)])].sort()
  const suites = files.map(file => {
    const own = results.filter(result => result.held.script.file === file)
    const broken = problems.filter(problem => problem.file === file && problem.severity === 'error')
    const failures = own.filter(result => result.failure !== undefined).length
    const cases = own.map(({ held, failure, took }) => junitCase(held.script.name, file, took, failure, 'failure', places))
    return [
      `  <testsuite name="${escapeXml(file)}" tests="${own.length + broken.length}" failures="${failures}" errors="${broken.length}" skipped="0">`,
      ...broken.map(problem => junitCase(problem.code, file, 0, problem, 'error', places)), ...cases, '  </testsuite>',
    ].join('\n')
  })
  const errors = problems.filter(problem => problem.severity === 'error').length
  const failures = results.filter(result => result.failure !== undefined).length
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="tonval test" tests="${results.length + errors}" failures="${failures}" errors="${errors}">`, ...suites, '</testsuites>\n'].join('\n')
}

function junitCase(name: string, file: string, took: number, problem: Problem | undefined, kind: 'failure' | 'error', places: Places): string {
  const opening = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(file)}" time="${(took / 1000).toFixed(3)}"`
  if (problem === undefined) return `${opening}/>`
  return `${opening}><${kind} type="${escapeXml(problem.code)}" message="${escapeXml(problem.message)}">${escapeXml(`${where(problem, places)}\n${wholeMessage(problem)}`)}</${kind}></testcase>`
}

export function renderTestTap({ results, problems, sources, tooFew }: TestReport): string {
  const places = new Places(sources)
  const broken = problems.filter(problem => problem.severity === 'error')
  const lines: { readonly name: string; readonly problem: Problem | undefined }[] = [
    ...broken.map(problem => ({ name: `${problem.file}: ${problem.code}`, problem })),
    ...results.map(({ held, failure }) => ({ name: `${held.script.file}: ${held.script.name}`, problem: failure })),
  ]
  const tests = lines.map(({ name, problem }, index) => {
    const line = `${problem === undefined ? 'ok' : 'not ok'} ${index + 1} - ${name.replace(/[#\\]/g, '\\$&').replace(/\s+/g, ' ')}`
    if (problem === undefined) return line
    const text = `${where(problem, places)}\n${wholeMessage(problem)}`.split('\n').map(one => `    ${one}`).join('\n')
    return `${line}\n  ---\n  code: ${problem.code}\n  message: |\n${text}\n  ...`
  })
  if (tooFew !== undefined) tests.push(`not ok ${tests.length + 1} - at least ${tooFew} % of the edges are walked`)
  return `TAP version 14\n1..${tests.length}\n${tests.join('\n')}\n`
}

function where(problem: Problem, places: Places): string {
  const { line, column } = places.range(problem.file, problem.span).start
  return `${problem.file}:${line}:${column}`
}
