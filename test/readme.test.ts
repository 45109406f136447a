/** The README is true: its flows are clean, its tables are those of the program, its addresses and flags exist. */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { checkCalls } from '../src/check.ts'
import { PAGES } from '../src/lint/pages.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { VERBS } from '../src/compile/verbs/list.ts'
import { FILTERS, BUILT_IN } from '../src/compile/template.ts'
import { SERVE_OPTIONS } from '../src/cli/settings.ts'
import { NOT_YET } from '../src/validate/not-yet.ts'
import { flowSchema } from '../src/validate/schema.ts'
import { graphOf } from '../src/draw/graph.ts'
import { mermaidOf } from '../src/draw/mermaid.ts'
import { planOf } from '../src/draw/plan.ts'
import { checkText, flowIn } from './flow-in-text.ts'
import { galleryText, slips } from './gallery.ts'
import { runCommand } from '../src/cli/commands.ts'

const readme = readFileSync('README.md', 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(match => ({ language: match[1] as string, text: match[2] as string }))

/** The rows of the table below a heading or a sentence, as cells without their ticks. */
function table(after: string): string[][] {
  const rest = readme.slice(readme.indexOf(after))
  const rows = /(?:^\|.*\|\n)+/m.exec(rest)?.[0].trim().split('\n').slice(2) ?? []
  return rows.map(row => row.slice(1, -1).split(/(?<!\\)\|/).map(cell => cell.trim()))
}

function words(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([a-z0-9_.-]+)`/g)].map(match => match[1] as string)
}

void t.test('every flow in it is clean', async t => {
  const flows = blocks.filter(block => block.language === 'yaml' && block.text.includes('states:'))
  t.ok(flows.length >= 2)
  // in one folder, as some of them run others
  const [first, ...others] = flows.map(({ text }, index): [string, string] => [/^# flows\/([a-z-]+)\.yaml$/m.exec(text)?.[1] ?? `sample-${index}`, text])
  t.same(checkText(first?.[1] ?? '', { flows: Object.fromEntries(others), hosts: ['crm.example.com'] }).problems.filter(problem => problem.severity !== 'info'), [])
  t.equal((flows[0]?.text ?? '').trimEnd().split('\n').length <= 13, true, 'the first one can be read at a glance')
})

void t.test('the table of verbs is the list of verbs', async t => {
  const rows = table('| verb | what it does')
  t.same(rows.map(row => words(row[0])[0]), VERBS.map(verb => verb.name))
  for (const [index, verb] of VERBS.entries()) {
    const row = rows[index] as string[]
    t.same(words(row[3]).sort(), verb.keys.filter(key => !['on', 'next', 'note'].includes(key)).sort(), `options of ${verb.name}`)
    t.same(words(row[2]).sort(), [...verb.outcomes].sort(), `outcomes of ${verb.name}`)
  }
})

void t.test('the table of keys is the top of a flow', async t => {
  const built = Object.keys(flowSchema.properties ?? {}).filter(key => !(`flow.${key}` in NOT_YET) && key !== 'note')
  t.same(table('| key | |').flatMap(row => words(row[0])).sort(), built.sort())
})

void t.test('values and filters', async t => {
  const paragraph = readme.slice(readme.indexOf('`{{name}}` stands for'), readme.indexOf('Text is taken as it stands'))
  for (const name of [...Object.keys(BUILT_IN), ...FILTERS.filter(filter => filter !== 'default')]) t.ok(paragraph.includes(`\`${name}\``), name)
  t.match(paragraph, '`default: "text"`')
})

void t.test('what is not yet in this version', async t => {
  const paragraph = readme.slice(readme.indexOf('### What is not yet'), readme.indexOf('## Running it for real'))
  for (const name of Object.keys(NOT_YET)) {
    const word = /^(?:flow|verb_connect|verb_record)\.(\w+)$/.exec(name)?.[1] ?? /^(?:verb|prompt)_(\w+)$/.exec(name)?.[1]
    if (word !== undefined) t.match(paragraph, `\`${word}\``, name)
  }
})

void t.test('the table of settings is that of serve, and its help says the same', async t => {
  const rows = table('| flag | environment | default |')
  const flags = rows.flatMap(row => [...(row[0] ?? '').matchAll(/--([a-z-]+)/g)].map(match => match[1] as string))
  t.same(flags.sort(), Object.keys(SERVE_OPTIONS).filter(flag => flag !== 'help').sort())
  let help = ''
  await runCommand(['serve', '--help'], { stdout: { write: (text: string) => { help += text } }, stderr: { write: () => undefined }, stdin: (async function * () { yield '' })(), env: {}, cwd: process.cwd() })
  for (const row of rows) for (const name of [...(row[0] ?? '').matchAll(/--[a-z-]+/g), ...(row[1] ?? '').matchAll(/TONVAL_\w+/g)]) t.match(help, name[0])
})

void t.test('the message that it shows is what lint says', async t => {
  const shown = blocks.find(block => block.text.startsWith('error:'))?.text ?? ''
  const bakery = (blocks.find(block => block.text.startsWith('# flows/bakery.yaml'))?.text ?? '').replace('2: shop,', '2: shpo,')
  const { mkdtempSync, writeFileSync, mkdirSync, copyFileSync, rmSync } = await import('node:fs')
  const folder = mkdtempSync('/tmp/tonval-readme-')
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(`${folder}/flows`)
  writeFileSync(`${folder}/flows/bakery.yaml`, bakery)
  for (const name of ['menu', 'hours', 'not-an-option', 'leave-a-message', 'thanks']) copyFileSync('flows/switchboard/thanks.mp3', `${folder}/flows/${name}.mp3`)
  let said = ''
  await runCommand(['lint', 'flows'], { stdout: { write: (text: string) => { said += text } }, stderr: { write: () => undefined }, stdin: (async function * () { yield '' })(), env: {}, cwd: folder })
  t.equal(said.slice(0, said.indexOf('\n\n')), shown.trimEnd())
})

void t.test('the gallery is what lint says; TONVAL_REWRITE=1 writes it anew', async t => {
  const from = readme.indexOf('### A gallery of slips')
  const to = readme.indexOf('\n## ', from) + 1
  if (process.env['TONVAL_REWRITE'] === '1') writeFileSync('README.md', `${readme.slice(0, from)}${galleryText()}\n${readme.slice(to)}`)
  else t.equal(readme.slice(from, to).trimEnd(), galleryText().trimEnd())
  t.ok(slips().length >= 20)
  for (const { file, problems } of slips()) t.equal(new Set(problems.map(problem => problem.code)).size, 1, `${file}: ${problems.map(problem => problem.code).join(', ')}`)
})

void t.test('the hours that it shows are those of the office', async t => {
  const shown = (blocks.find(block => block.text.startsWith('office in 2027'))?.text ?? '').trimEnd().split('\n').filter(line => line !== '  …')
  let said = ''
  await runCommand(['hours', 'office', '--year', '2027'], { stdout: { write: (text: string) => { said += text } }, stderr: { write: () => undefined }, stdin: (async function * () { yield '' })(), env: {}, cwd: process.cwd() })
  t.ok(shown.length > 8)
  t.same(shown.filter(line => !said.split('\n').includes(line)), [])
})

void t.test('the table of rules is the list of pages', async t => {
  t.same(table('| rule | severity | why |'), [...PAGES.values()].map(page => [`\`${page.name}\``, page.severity, page.why]))
})

void t.test('the calls that it shows go as they say', async t => {
  const bakery = blocks.find(block => block.text.startsWith('# flows/bakery.yaml'))?.text ?? ''
  const calls = blocks.find(block => block.text.includes('\ncalls:'))?.text ?? ''
  const sounds = new Map(['menu', 'hours', 'not-an-option', 'leave-a-message', 'thanks'].map(name => [`${name}.mp3`, { hash: name, format: 'mp3' as const }]))
  const checked = checkCalls({ flows: [{ name: 'bakery', path: 'bakery.yaml', text: bakery }], calls: [{ name: 'bakery', path: 'bakery.calls.yaml', text: calls }], sounds }, { env: {}, hosts: [], silence: SILENCE_FILE })
  t.same(checked.problems.filter(problem => problem.severity === 'error'), [])
  t.equal(checked.held.length, 1)
})

void t.test('the commands that it shows do what it says', async t => {
  t.equal(blocks.find(block => block.language === 'js')?.text.trimEnd(), readFileSync('test/cases/call/webhook.js', 'utf8').trimEnd(), 'the webhook is the one that test/call-command.test.ts calls')
  const lines = blocks.filter(block => block.language === 'sh').flatMap(block => block.text.split('\n')).filter(line => line.startsWith('npx tonval call') && !line.includes('--url'))
  t.equal(lines.length, 2)
  for (const line of lines) {
    const args = [...line.replace('npx tonval ', '').matchAll(/"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2] as string)
    let said = ''
    const status = await runCommand(args, { stdout: { write: (text: string) => { said += text } }, stderr: { write: (text: string) => { said += text } }, stdin: (async function * () { yield '' })(), env: {}, cwd: process.cwd() })
    t.equal(status, 0, `${line}\n${said}`)
  }
  t.match(readme, `npm run bench`)
})

void t.test('the settings of editors start a command that there is', async t => {
  const section = readme.slice(readme.indexOf('## In the editor'), readme.indexOf('## A telephone without a carrier'))
  for (const editor of ['VS Code', 'Neovim', 'Helix', 'Emacs']) t.match(section, `**${editor}**`)
  const settings = [...section.matchAll(/^```(json|lua|toml)\n(.*?)^```/gms)].map(match => [match[1] as string, match[2] as string] as const)
  t.same(settings.map(([language]) => language), ['json', 'lua', 'toml'])
  for (const [, text] of [...settings, ['', /eglot.*/.exec(section)?.[0] ?? '']] as const) {
    // the words of the command, however a language writes a list of them
    t.match(text, /npx[^]*tonval\W+lsp/)
  }
  const json = JSON.parse(settings[0]?.[1] ?? '')
  t.same([json['glspc.server.command'], ...json['glspc.server.commandArguments']], ['npx', 'tonval', 'lsp'])
  let help = ''
  const io = { stdout: { write: (text: string) => { help += text } }, stderr: { write: () => undefined }, stdin: (async function * () { yield '' })(), env: {}, cwd: process.cwd() }
  for (const command of ['lsp', 'init']) t.equal(await runCommand([command, '--help'], io), 0)
  t.match(section, 'source.fixAll.tonval')
  t.match(help, 'Language Server Protocol')
})

void t.test('the picture that it shows is that of the bakery', async t => {
  const bakery = blocks.find(block => block.text.startsWith('# flows/bakery.yaml'))?.text ?? ''
  t.equal(blocks.find(block => block.language === 'mermaid')?.text, mermaidOf(planOf(graphOf(flowIn(bakery)))))
})

void t.test('the table of commands is the list of commands', async t => {
  let help = ''
  await runCommand(['--help'], { stdout: { write: (text: string) => { help += text } }, stderr: { write: () => undefined }, stdin: (async function * () { yield '' })(), env: {}, cwd: process.cwd() })
  const listed = [...help.matchAll(/^ {2}([a-z]+) {2,}(.+)$/gm)].map(match => [match[1], match[2]])
  const rows = table('| command | does | |')
  t.same(rows.map(([command, does]) => [/^`tonval ([a-z]+)/.exec(command as string)?.[1], does]), listed)
  for (const [, , where] of rows) {
    const heading = /^\[(.+)\]\(#(.+)\)$/.exec(where as string)
    if (heading === null) continue
    t.ok(readme.includes(`# ${heading[1]}\n`), heading[2] ?? '')
    t.equal(heading[2], (heading[1] ?? '').toLowerCase().replaceAll(',', '').replaceAll(' ', '-'))
  }
})
