/** Each case of test/cases/render/ in each format, beside what it must look like. TONVAL_REWRITE=1 writes the expected files anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { parse as readJunit } from 'junit2json'
import t from 'tap'
import type { Test } from 'tap'
import { widthOf } from '../src/problem/cells.ts'
import { excerpt } from '../src/problem/excerpt.ts'
import type { Findings } from '../src/problem/findings.ts'
import type { Problem } from '../src/problem/problem.ts'
import { renderCompact } from '../src/problem/render-compact.ts'
import { renderGithub } from '../src/problem/render-github.ts'
import { renderJson } from '../src/problem/render-json.ts'
import { renderJunit } from '../src/problem/render-junit.ts'
import { renderPretty } from '../src/problem/render-pretty.ts'
import { renderSarif } from '../src/problem/render-sarif.ts'
import { readRenderCase } from './render-cases.ts'
import type { RenderCase } from './render-cases.ts'
import { readXml } from './xml.ts'
import type { Element } from './xml.ts'

const folder = 'test/cases/render'
const names = readdirSync(folder).filter(name => name.endsWith('.yaml')).map(name => name.slice(0, -'.yaml'.length))
const isError = (problem: Problem): boolean => problem.severity === 'error'

const formats: Readonly<Record<string, (one: RenderCase) => string>> = {
  'pretty.txt': ({ findings, color, width }) => renderPretty(findings, { color, width }),
  'compact.txt': ({ findings }) => renderCompact(findings),
  'json': ({ findings }) => renderJson(findings),
  'sarif': ({ findings }) => renderSarif(findings, '0.0.0'),
  'github.txt': ({ findings }) => renderGithub(findings),
  'junit.xml': ({ findings }) => renderJunit(findings, isError),
}

t.ok(names.length > 5, 'the cases were found')

for (const name of names) {
  const one = readRenderCase(`${folder}/${name}.yaml`)
  for (const [ending, render] of Object.entries(formats)) {
    void t.test(`${name} as ${ending}`, async t => {
      const path = `${folder}/${name}.${ending}`
      const rendered = render(one)
      if (process.env['TONVAL_REWRITE'] === '1') writeFileSync(path, rendered)
      t.equal(rendered, readFileSync(path, 'utf8'))
    })
  }
  void t.test(`${name}: the JSON has the keys of version 1 only`, async t => {
    const report = JSON.parse(renderJson(one.findings))
    t.strictSame(Object.keys(report), ['version', 'checked', 'problems'])
    for (const problem of report.problems) {
      const allowed = ['code', 'severity', 'message', 'file', 'range', 'help', 'related', 'fix']
      t.strictSame(Object.keys(problem), allowed.filter(key => key in problem), 'in the order of the contract')
      t.ok(['code', 'severity', 'message', 'file', 'range', 'related'].every(key => key in problem))
    }
  })
  void t.test(`${name}: the SARIF has what the standard requires`, async t => checkSarif(t, one.findings))
  void t.test(`${name}: the JUnit reads back`, async t => checkJunit(t, one.findings))
  void t.test(`${name}: a build server's reader gets the same from the JUnit`, async t => {
    const read = await readJunit(renderJunit(one.findings, isError))
    if (read === undefined || read === null || !('testsuite' in read)) throw new Error('no suites were read')
    const suites = read.testsuite ?? []
    const cases = suites.flatMap(suite => suite.testcase ?? [])
    const failures = cases.flatMap(({ failure = [], name, classname }) => failure.map(({ message, type, inner }) => ({ name, classname, message, type, inner })))
    const errors = JSON.parse(renderJson(one.findings)).problems.filter(isError) as { code: string; message: string; file: string; range: { start: { line: number; column: number } } }[]
    t.strictSame([Number(read.tests), Number(read.failures), Number(read.errors)], [cases.length, errors.length, 0])
    t.strictSame(suites.map(suite => [suite.name, Number(suite.tests), Number(suite.failures)]), suites.map(suite => [suite.name, suite.testcase?.length, suite.testcase?.filter(each => each.failure !== undefined).length]))
    const line = (text: string): string => text.replaceAll('\u001b', '\ufffd')
    t.strictSame(new Set(failures.map(({ name, classname, type, message }) => `${classname}: ${name}: ${type}: ${message}`)), new Set(errors.map(({ code, file, range: { start }, message }) => `${file}: ${code} at ${start.line}:${start.column}: ${code}: ${line(message)}`)))
    for (const { name, classname, inner } of failures) t.ok(inner?.startsWith(`${classname}:${name?.split(' at ')[1]}: error`), `${inner}`)
  })
}

// https://docs.oasis-open.org/sarif/sarif/v2.1.0/: the properties that its schema requires, and the limits that code hosts add
function checkSarif(t: Test, findings: Findings): void {
  const log = JSON.parse(renderSarif(findings, '1.2.3'))
  t.equal(log.version, '2.1.0')
  t.equal(log.runs.length, 1)
  const [run] = log.runs
  t.strictSame([run.tool.driver.name, run.tool.driver.version], ['tonval', '1.2.3'])
  t.equal(run.results.length, findings.problems.length)
  const rules = run.tool.driver.rules.map((rule: { id: string }) => rule.id)
  t.equal(new Set(rules).size, rules.length, 'each rule once')
  for (const result of run.results) {
    t.equal(rules[result.ruleIndex], result.ruleId)
    t.match(result.level, /^(error|warning|note)$/)
    t.ok(result.message.text.length > 0)
    for (const { physicalLocation } of [...result.locations, ...(result.relatedLocations ?? [])]) {
      t.match(physicalLocation.artifactLocation.uri, /^[\w./%~!'()*-]+$/, 'an address, not a path')
      const { region } = physicalLocation
      if (region === undefined) continue
      t.ok(region.startLine >= 1 && region.startColumn >= 1 && region.endLine >= region.startLine && region.charLength >= 0)
      t.ok(region.endLine > region.startLine || region.endColumn >= region.startColumn)
    }
    for (const fix of result.fixes ?? []) for (const change of fix.artifactChanges) t.ok(change.artifactLocation.uri && change.replacements.length > 0)
  }
}

function checkJunit(t: Test, findings: Findings): void {
  const root = readXml(renderJunit(findings, isError))
  const cases = root.children.flatMap(suite => suite.children)
  const failures = cases.flatMap(one => one.children).filter(child => child.name === 'failure')
  t.equal(root.name, 'testsuites')
  t.strictSame(root.children.map(suite => suite.attributes['name']), findings.checked.files)
  t.equal(Number(root.attributes['tests']), cases.length)
  t.equal(Number(root.attributes['failures']), failures.length)
  t.strictSame(failures.map(one => one.attributes['message']).sort(), findings.problems.filter(isError).map(problem => problem.message.replace('\u001b', '\ufffd')).sort())
  const sum = (key: string): number => root.children.reduce((total: number, suite: Element) => total + Number(suite.attributes[key]), 0)
  t.strictSame([sum('tests'), sum('failures')], [cases.length, failures.length])
}

void t.test('widths', async t => {
  const rows: [string, number][] = [['abc', 3], ['å', 1], ['a\u030a', 1], ['中文', 4], ['👍🏽', 2], ['🇸🇪', 2], ['👩‍👩‍👧', 2], ['\u200b', 1], ['한', 2], ['ﾊ', 1], ['❤️', 2], ['', 0]]
  for (const [text, width] of rows) t.equal(widthOf(text), width, JSON.stringify(text))
})

void t.test('a line of a megabyte, any place in it: short, quick, and the caret inside', async t => {
  const line = 'say: å '.repeat(150_000)
  const before = performance.now()
  for (let start = 0; start < line.length; start += 9973) {
    const cut = excerpt(line, start, start + 3, 80)
    if (widthOf(cut.text) > 80 || cut.indent + cut.length > 80 || cut.indent < 0) t.fail(`at ${start}: ${JSON.stringify(cut)}`)
    if (line.slice(start, start + 1) !== ' ') t.equal(cut.text[cut.indent], line[start])
  }
  t.ok(performance.now() - before < 2000, 'within two seconds')
})

void t.test('GitHub gets at most ten annotations of a kind, errors first', async t => {
  const rows = renderGithub(readRenderCase(`${folder}/many.yaml`).findings).split('\n')
  const kinds = rows.filter(row => row.startsWith('::')).map(row => row.slice(2).split(' ')[0])
  t.strictSame(kinds, [...Array.from({ length: 10 }, () => 'error'), ...Array.from({ length: 10 }, () => 'warning'), 'notice'])
})

void t.test('any text, any place: every format ends, nothing moves the cursor, the XML reads back', async t => {
  const text = fc.string({ unit: fc.oneof(fc.constantFrom('\n', '\r\n', '\t', 'a', ' ', 'å', 'a\u030a', '👩‍👩‍👧', '中', '\u001b[2J', '\u202e', '\ud800', ']]>', '%', '::'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 300 })
  const place = fc.record({ start: fc.nat(400), end: fc.nat(400) })
  fc.assert(fc.property(text, text, place, place, place, fc.integer({ min: 1, max: 120 }), (source, message, span, contextSpan, relatedSpan, width) => {
    const problem: Problem = { code: 'x', severity: 'error', message, file: 'a.yaml', span, label: message, context: { span: contextSpan, label: message }, help: message, related: [{ file: 'a.yaml', span: relatedSpan, message }] }
    const findings = { problems: [problem], sources: new Map([['a.yaml', source]]), checked: { files: ['a.yaml'], states: 1 } }
    const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/
    if (unsafe.test(renderPretty(findings, { color: false, width })) || unsafe.test(renderCompact(findings))) throw new Error('a control character')
    if (renderCompact(findings).split('\n').length !== 2 || renderGithub(findings).split(/\r|\n/).length !== 2) throw new Error('more than one line')
    JSON.parse(renderJson(findings))
    JSON.parse(renderSarif(findings, '1.0.0'))
    readXml(renderJunit(findings, isError))
  }), { numRuns: 1000, seed: 46 })
  t.pass('1,000 texts')
})
