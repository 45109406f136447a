/** `tonval explain`: what a rule is for, with an example of what it finds and of what it wants; nothing is asked for over a network. */
import { check, sourcesOf } from '../check.ts'
import { exampleSet, HOSTS } from '../lint/example.ts'
import { PAGES } from '../lint/pages.ts'
import type { Page } from '../lint/rule.ts'
import { renderPretty, USUAL_WIDTH } from '../problem/render-pretty.ts'
import type { Severity } from '../problem/problem.ts'
import { nearest } from '../validate/nearest.ts'
import { checkSettings } from './check-settings.ts'
import { EXIT, UsageError, wantsColor } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'

const HELP = `tonval explain: says what a rule of \`tonval lint\` is for

Usage: tonval explain [RULE…]

Without RULE it lists all of them.

  -h, --help

Exit status: 0, or 2 for a rule that there is not.
`

const HEADINGS: Readonly<Record<Severity, string>> = {
  error: 'Errors: the flow does not go live', warning: 'Warnings: it goes live', info: 'Infos: shown with `tonval lint --info`',
}

export const explain: Command = async (args, io) => {
  const options = readOptions(args, {})
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const pages = options.rest.map(pageOf)
  io.stdout.write(pages.length === 0 ? list() : pages.map(page => explainPage(page, io)).join('\n\n'))
  return EXIT.clean
}

function pageOf(name: string): Page {
  const page = PAGES.get(name)
  if (page !== undefined) return page
  const meant = nearest(name, [...PAGES.keys()])
  throw new UsageError(`there is no rule \`${name}\`${meant === undefined ? '; `tonval explain` lists the rules' : `; did you mean \`${meant}\`?`}`)
}

function list(): string {
  const pages = [...PAGES.values()]
  const width = Math.max(...pages.map(page => page.name.length))
  const parts = (['error', 'warning', 'info'] as const).map(severity => {
    const rows = pages.filter(page => page.severity === severity).sort((a, b) => (a.name < b.name ? -1 : 1)).map(page => `  ${page.name.padEnd(width)}  ${page.why}`)
    return [HEADINGS[severity], '', ...rows].join('\n')
  })
  return `${parts.join('\n\n')}\n\n\`tonval explain RULE\` shows an example.\n`
}

function explainPage(page: Page, io: Io): string {
  const set = exampleSet(page, 'invalid')
  const { problems } = check(set, { ...checkSettings({}), hosts: HOSTS })
  const sources = sourcesOf(set)
  const shown = renderPretty({ problems, sources, checked: { files: [...sources.keys()], states: 0 } }, { color: wantsColor(io.stdout, io.env), width: io.stdout.columns ?? USUAL_WIDTH })
  return [
    `${page.name} (${page.severity})`, '', page.why, '',
    'What it finds:', '', indent(shortened(page.invalid)), '',
    ...(page.another === undefined ? [] : ['beside `another.yaml`:', '', indent(shortened(page.another)), '']),
    // without the line that sums up
    shown.slice(0, shown.lastIndexOf('\n\n')), '',
    'What is good:', '', indent(shortened(page.valid)), '',
    silencing(page), '',
  ].join('\n')
}

function silencing(page: Page): string {
  if (page.severity === 'error') return 'An error cannot be silenced.'
  if (page.name === 'file-not-loaded' || page.name === 'bad-silence') return 'It cannot be silenced.'
  return `To silence it, on the line before what it is about:\n\n  # tonval-ignore ${page.name} -- why it is right here`
}

/** A page's example, with the middle of long lines left out. */
function shortened(text: string): string {
  return text.trim().split('\n').map(line => (line.length <= 140 ? line : `${line.slice(0, 100)} … ${line.slice(-30)}`)).join('\n')
}

function indent(text: string): string {
  return text.split('\n').map(line => `  ${line}`.trimEnd()).join('\n')
}
