/** What the README says of the operator's side and of versions is so. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { ask, run, SOUND, writeFiles } from './serve/running.ts'

const readme = readFileSync('README.md', 'utf8')
const section = readme.slice(readme.indexOf('### What changed, and going back'), readme.indexOf('`tonval --help` lists the commands'))
const block = (language: string, text: string, after: string): string => {
  const found = [...text.slice(text.indexOf(after)).matchAll(/^```(\w+)\n(.*?)^```/gms)].find(match => match[1] === language)
  return found?.[2] ?? ''
}
const bakery = block('yaml', readme, '# tonval')
const sounds = Object.fromEntries(['menu', 'hours', 'not-an-option', 'leave-a-message', 'thanks'].map(name => [`${name}.mp3`, readFileSync('flows/switchboard/thanks.mp3')]))

void t.test('the diff that it shows', async t => {
  const root = mkdtempSync(join(tmpdir(), 'tonval-readme-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  const edited = bakery.replace('2: shop,', '2: voicemail,').replace('order: in-turn,', 'order: in-turn, timeout: 20,')
  t.not(edited, bakery)
  writeFiles(root, { 'old/bakery.yaml': bakery, 'flows/bakery.yaml': edited, ...Object.fromEntries(Object.entries(sounds).flatMap(([name, bytes]) => [[`old/${name}`, bytes], [`flows/${name}`, bytes]])) })
  const [, , ...args] = block('sh', section, '').trim().split(' ')
  let said = ''
  const status = await runCommand(args, { stdout: { write: (text: string) => { said += text } }, stderr: { write: (text: string) => { said += text } }, stdin: Readable.from([]), env: {}, cwd: root })
  t.equal(status, 1)
  t.equal(said, block('text', section, ''))
})

/** What is answered where there is nothing to go back to, no reason to edit without a tag, no page without a body, no form, and no such thing. */
const EMPTY_HANDED: Readonly<Record<string, number>> = {
  'PUT /api/flows/NAME': 412, 'POST /api/flows/NAME/check': 415, 'POST /api/flows/NAME/complete': 400, 'POST /api/flows/NAME/rollback': 400, 'POST /api/outbox/ID/retry': 400, 'POST /api/outbox/ID/drop': 400,
  'GET /api/recordings/ID': 404, 'POST /api/recordings/ID/retry': 400, 'POST /api/calls': 400, 'GET /api/calls/ID': 404, 'POST /api/phone': 400, 'POST /api/phone/ID': 400, 'GET /api/phone/ID/events': 404,
  'GET /api/phone/ID/script': 404, 'POST /api/phone/ID/save': 400, 'GET /api/flows/NAME/sound/HASH': 404, 'POST /login': 415, 'POST /logout': 415,
}

void t.test('the requests of its table are answered, and its curl lines work', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'bakery.yaml': bakery, ...sounds, 'sound.wav': SOUND } })
  t.teardown(() => server.stop())
  const version = server.live().get('bakery')?.version ?? ''
  const rows = [...section.matchAll(/`(GET|PUT|POST) (\/[^`]*)`/g)].map(match => ({ method: match[1] as string, path: match[2] as string }))
  t.equal(rows.length, 33)
  for (const { method, path } of rows.filter(row => row.path !== '/api/events')) {
    const { status } = await ask(server.admin + path.replace('NAME', 'bakery').replace('VERSION', version), { method, body: null, headers: method === 'POST' ? { 'content-type': 'application/json' } : {} })
    t.equal(status, EMPTY_HANDED[`${method} ${path}`] ?? 200, `${method} ${path}`)
  }
  t.match(section, `curl -T flows/bakery.yaml -H 'If-Match: "`)
  t.match(await ask(`${server.admin}/api/flows/bakery`, { method: 'PUT', body: bakery, headers: { 'if-match': `"${version}"` } }), { status: 200, json: { changes: [] } }, 'curl -T names no type')
})

void t.test('every command is described, and every option that it names exists', async t => {
  for (const command of ['diff', 'versions', 'rollback']) {
    let help = ''
    t.equal(await runCommand([command, '--help'], { stdout: { write: (text: string) => { help += text } }, stderr: { write: () => undefined }, stdin: Readable.from([]), env: {}, cwd: '.' }), 0)
    t.match(section, `tonval ${command}`)
    t.match(help, '--admin')
    t.match(help, '--data')
  }
})
