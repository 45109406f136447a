/** The valid flows of the corpus. */
import { readdirSync, readFileSync } from 'node:fs'
import { PAGES } from '../../../src/lint/pages.ts'
import type { Page } from '../../../src/lint/rule.ts'
import type { Base, Others } from './base.ts'
import { baseOf } from './base.ts'
import { generatedFlow } from './generated.ts'

/** A valid flow for lint to be silent about, and whether mistakes are made in it. */
export interface Valid {
  readonly name: string
  readonly text: string
  /** Flows that it runs. */
  readonly others?: Others
}

/** Flows that mistakes are made in, with their weight: how often a mistake is made in each. */
export function bases(): { readonly base: Base; readonly weight: number }[] {
  const flows = readdirSync('flows').filter(name => name.endsWith('.yaml') && !name.endsWith('.calls.yaml')).sort()
  const texts = flows.map(name => ({ name: name.slice(0, -'.yaml'.length), text: readFileSync(`flows/${name}`, 'utf8') })).map(one => ({ ...one, others: othersOf(one.text) }))
  // a flow whose table stands in a file of its own is more than the text that is mutated
  const isAlone = ({ text, others }: Valid): boolean => ![text, ...Object.values(others ?? {})].some(one => /file: \S+\.(csv|txt)/.test(one))
  const own = texts.filter(isAlone).map(({ name, text, others }) => ({ base: baseOf(name, text, others), weight: 4 }))
  const clinic = { base: baseOf('clinic', readFileSync('test/bench/lint/clinic.yaml', 'utf8')), weight: 6 }
  const generated = { base: baseOf('generated', generatedFlow(50)), weight: 4 }
  const bakery = { base: baseOf('bakery', (/```yaml\n# flows\/bakery\.yaml\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) as RegExpExecArray)[1] as string), weight: 2 }
  return [...own, clinic, generated, bakery, ...pages().map(({ name, text, others }) => ({ base: baseOf(name, text, others), weight: 0.3 }))]
}

/** The valid examples of the rules, each text once. */
function pages(): Valid[] {
  const texts = new Map<string, Page>()
  for (const page of PAGES.values()) if (!page.valid.includes('calls:') && !texts.has(page.valid)) texts.set(page.valid, page)
  return [...texts].map(([text, { name, another }]) => ({ name: `page ${name}`, text, ...(another === undefined ? {} : { others: { another } }) }))
}

/** The flows of ours that a flow of ours runs. */
function othersOf(text: string): Others {
  const names = [...text.matchAll(/\bflow: ([a-z-]+)/g)].map(match => match[1] as string)
  return Object.fromEntries(names.map(name => [name, readFileSync(`flows/${name}.yaml`, 'utf8')]))
}

/** All flows that lint must find no error in. */
export function validFlows(): Valid[] {
  const cases = readdirSync('test/cases/rules').filter(name => name.endsWith('.out') && readFileSync(`test/cases/rules/${name}`, 'utf8').trim() === '').map(name => name.replace('.out', '.yaml'))
  return [...bases().map(({ base }) => base), ...cases.map(name => ({ name, text: readFileSync(`test/cases/rules/${name}`, 'utf8') })), { name: 'generated of 1,000', text: generatedFlow(1000) }]
}
