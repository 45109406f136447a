/** The valid flows of the corpus. */
import { readdirSync, readFileSync } from 'node:fs'
import { PAGES } from '../../../src/lint/pages.ts'
import type { Base } from './base.ts'
import { baseOf } from './base.ts'
import { generatedFlow } from './generated.ts'

/** A valid flow for lint to be silent about, and whether mistakes are made in it. */
export interface Valid {
  readonly name: string
  readonly text: string
}

/** Flows that mistakes are made in, with their weight: how often a mistake is made in each. */
export function bases(): { readonly base: Base; readonly weight: number }[] {
  const flows = readdirSync('flows').filter(name => name.endsWith('.yaml') && !name.endsWith('.calls.yaml')).sort()
  // a flow whose table stands in a file of its own is more than the text that is mutated
  const own = flows.filter(name => !/file: \S+\.(csv|txt)|\{ flow: /.test(readFileSync(`flows/${name}`, 'utf8'))).map(name => ({ base: baseOf(name.slice(0, -'.yaml'.length), readFileSync(`flows/${name}`, 'utf8')), weight: 4 }))
  const clinic = { base: baseOf('clinic', readFileSync('test/bench/lint/clinic.yaml', 'utf8')), weight: 6 }
  const generated = { base: baseOf('generated', generatedFlow(50)), weight: 4 }
  const bakery = { base: baseOf('bakery', (/```yaml\n# flows\/bakery\.yaml\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) as RegExpExecArray)[1] as string), weight: 2 }
  return [...own, clinic, generated, bakery, ...pages().map(({ name, text }) => ({ base: baseOf(name, text), weight: 0.3 }))]
}

/** The valid examples of the rules, each text once. */
function pages(): Valid[] {
  const texts = new Map<string, string>()
  for (const page of PAGES.values()) if (!page.valid.includes('calls:') && !page.valid.includes('flow: another') && !texts.has(page.valid)) texts.set(page.valid, page.name)
  return [...texts].map(([text, name]) => ({ name: `page ${name}`, text }))
}

/** All flows that lint must find no error in. */
export function validFlows(): Valid[] {
  const cases = readdirSync('test/cases/rules').filter(name => name.endsWith('.out') && readFileSync(`test/cases/rules/${name}`, 'utf8').trim() === '').map(name => name.replace('.out', '.yaml'))
  return [...bases().map(({ base }) => base), ...cases.map(name => ({ name, text: readFileSync(`test/cases/rules/${name}`, 'utf8') })), { name: 'generated of 1,000', text: generatedFlow(1000) }]
}
