/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as code hosts take it for their security and quality tabs. */
import { isWholeFile, Places, wholeMessage } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Fix, Problem, Severity, Span } from './problem.ts'

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

/** One run of the tool whose version is given. */
export function renderSarif(findings: Findings, version: string): string {
  const places = new Places(findings.sources)
  const codes = [...new Set(findings.problems.map(problem => problem.code))].sort()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'tonval', version, rules: codes.map(id => ({ id })) } },
      columnKind: 'utf16CodeUnits',
      artifacts: findings.checked.files.map(file => ({ location: { uri: uriOf(file) } })),
      results: findings.problems.map(problem => result(problem, codes.indexOf(problem.code), places)),
    }],
  }
  return JSON.stringify(log, undefined, 2) + '\n'
}

function result(problem: Problem, ruleIndex: number, places: Places): object {
  return {
    ruleId: problem.code, ruleIndex, level: LEVEL[problem.severity],
    message: { text: wholeMessage(problem) },
    locations: [location(problem.file, problem.span, places)],
    ...(problem.related === undefined ? {} : {
      relatedLocations: problem.related.map(other => ({ ...location(other.file, other.span, places), message: { text: other.message } })),
    }),
    ...(problem.fix === undefined ? {} : { fixes: [fixOf(problem, problem.fix, places)] }),
  }
}

function location(file: string, span: Span, places: Places): object {
  const artifactLocation = { uri: uriOf(file) }
  return { physicalLocation: isWholeFile(places, file, span) ? { artifactLocation } : { artifactLocation, region: region(file, span, places) } }
}

function region(file: string, span: Span, places: Places): object {
  const { start, end } = places.range(file, span)
  return {
    startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column,
    charOffset: start.offset, charLength: end.offset - start.offset,
  }
}

function fixOf(problem: Problem, fix: Fix, places: Places): object {
  return {
    ...(problem.help === undefined ? {} : { description: { text: problem.help } }),
    artifactChanges: [{
      artifactLocation: { uri: uriOf(problem.file) },
      replacements: fix.edits.map(edit => ({ deletedRegion: region(problem.file, edit.span, places), insertedContent: { text: edit.text } })),
    }],
  }
}

/** A path as a relative reference or a file address: a space or an å is not allowed in either, nor a colon in the first part. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').toWellFormed().split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${path}` : path
}
