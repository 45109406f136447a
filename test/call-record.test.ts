/** `tonval call --record`: calls → scripted calls that their schema takes, added to files as people write them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import t from 'tap'
import { parse } from 'yaml'
import { runCommand } from '../src/cli/commands.ts'
import { addCall, writeCall } from '../src/emulator/script/write-script.ts'
import { listen } from './emulator/webhook.ts'

const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('schema/calls.schema.json', 'utf8')) as object)
const root = mkdtempSync(join(tmpdir(), 'tonval-record-'))
t.teardown(() => rmSync(root, { recursive: true }))
let files = 0

interface Ran {
  readonly status: number
  readonly stderr: string
}

async function call(args: readonly string[], cwd = process.cwd()): Promise<Ran> {
  let stderr = ''
  const stdin = { async *[Symbol.asyncIterator](): AsyncIterableIterator<string> { yield* [] } }
  const status = await runCommand(['call', ...args], { stdout: { write: () => undefined }, stderr: { write: text => { stderr += text } }, stdin, env: {}, cwd })
  return { status, stderr }
}

/** A new file's path, with a text in it. */
function file(text?: string): string {
  const folder = join(root, String(files++))
  mkdirSync(folder)
  const path = join(folder, 'x.calls.yaml')
  if (text !== undefined) writeFileSync(path, text)
  return path
}

const BEGIN = ['play: welcome', 'play: news', 'ivr: menu']
const WAY = 'sends: { sms: { to: "+46701740699", from: "Ekbacken", text: "Ekbacken farm shop: bus 3 to Mill Square, then follow the signs. Map: https://ekbacken.example/map" } }'
const SORRY = 'sends: { sms: { to: "+46701740699", from: "Cycles", text: "Sorry that nobody could answer you at Nordic Cycles. We call back on the same day." } }'
const rows: [flow: string, words: string, steps: readonly string[]][] = [
  ['carrier-example', '1', ['ivr: menu', 'press: "1"', 'play: thank-you', 'end']],
  ['carrier-example', 'silence', ['ivr: menu', 'silence', 'play: goodbye', 'end']],
  ['carrier-example', 'fail silence', ['ivr: menu', 'silence', 'play: goodbye', 'end']],
  ['carrier-example', '1 fail', ['ivr: menu', 'press: "1"', 'play: thank-you', 'sound: failed', 'end']],
  ['carrier-example', '0 success', ['ivr: menu', 'press: "0"', 'connect: "+46701740650"', 'line: success', 'end']],
  ['carrier-example', '0 success wait:3 hang-up', ['ivr: menu', 'press: "0"', 'connect: "+46701740650"', 'line: success', 'hang-up']],
  ['carrier-example', '0', ['ivr: menu', 'press: "0"', 'connect: "+46701740650"', 'hang-up']],
  ['carrier-example', 'hang-up', ['ivr: menu', 'hang-up']],
  ['switchboard', '1 busy failed speak:9', [...BEGIN, 'press: "1"', 'connect: "+46846500411"', 'line: busy', 'connect: "+46701740611"', 'line: failed', 'record: leave-a-message', 'speak: 9', 'play: thanks', 'end']],
  ['switchboard', '0 busy silence', [...BEGIN, 'press: "0"', 'connect: "+46846500410"', 'line: busy', 'record: leave-a-message', 'silence', 'play: thanks', 'end']],
  ['switchboard', '0 busy fail fail fail', [...BEGIN, 'press: "0"', 'connect: "+46846500410"', 'line: busy', 'record: leave-a-message', 'line: failed', 'play: trouble', 'end']],
  ['switchboard', '7 2 0 success', [...BEGIN, 'press: "7"', 'play: not-an-option', 'ivr: menu', 'press: "2"', 'play: opening-hours', 'ivr: menu', 'press: "0"', 'connect: "+46846500410"', 'line: success', 'end']],
  ['directions', '1', ['ivr: menu', 'press: "1"', WAY, 'play: sent', 'end']],
  ['message-desk', 'failed busy fail fail fail', ['connect: "+46846500491"', 'line: failed', 'connect: "+46701740681"', 'line: busy', SORRY, 'record: leave-a-message', 'line: failed', 'play: thanks', 'end']],
  ['helpline', '41234 1 silence', ['play: welcome', 'ivr: enter-number', 'press: "41234"', 'ivr: menu', 'press: "1"', 'ivr: fault-news', 'silence', 'play: goodbye', 'end']],
]

for (const [flow, words, steps] of rows) {
  void t.test(`${flow}: ${words}`, async t => {
    const path = file()
    const { status, stderr } = await call([flow, '--keys', words, '--record', path])
    t.equal(status, 0, stderr)
    t.equal(stderr, `added to ${path}: Keys ${words}\n`)
    const text = readFileSync(path, 'utf8')
    t.equal(text, `calls:\n  - name: ${words.includes(':') ? `"Keys ${words}"` : `Keys ${words}`}\n    steps:\n${steps.map(step => `      - ${step}\n`).join('')}`)
    t.ok(validate(parse(text)), JSON.stringify(validate.errors))
  })
}

void t.test('who called, when, and what it is called', async t => {
  const path = file('# Kept.\ncalls:\n  - name: First   # and this\n    steps: [silence]\n')
  const args = ['carrier-example', '--keys', '1', '--at', '2026-03-02T14:30+01:00', '--from', '+46701112233', '--to', '+46846500450', '--name', 'Né: "ett"', '--record', path]
  t.equal((await call(args)).status, 0)
  t.match((await call(args)).stderr, /Né: "ett" \(2\)/, 'a name that is taken')
  const text = readFileSync(path, 'utf8')
  t.ok(text.startsWith('# Kept.\ncalls:\n  - name: First   # and this\n    steps: [silence]\n\n  - name: "Né: \\"ett\\""\n    at: 2026-03-02T14:30+01:00\n    from: "+46701112233"\n    to: "+46846500450"\n    steps:\n'), text)
  const { calls } = parse(text, { schema: 'failsafe' })
  t.strictSame(calls.map((one: { name: string }) => one.name), ['First', 'Né: "ett"', 'Né: "ett" (2)'])
  t.ok(validate(parse(text)), JSON.stringify(validate.errors))
})

void t.test('what a call sends, listed so that the script holds', async t => {
  const folder = join(root, 'sends')
  mkdirSync(join(folder, 'flows'), { recursive: true })
  writeFileSync(join(folder, 'flows/a.yaml'), `start: ask
language: sv
timezone: Europe/Stockholm
on_hangup: { post: { url: "https://crm.example.com/", json: { word: "{{word}}", at: "{{time}}", list: [1, true] } } }
states:
  ask: { ivr: sound/dtmf/1, save: word, next: tell, on: { noinput: end, nomatch: end, failed: end } }
  tell: { send: [{ sms: { to: "{{caller}}", from: Example, text: "{{word}}" } }, { email: { to: a@example.com, subject: "#" } }], next: voicemail }
  voicemail: { record: true, deliver: { email: { to: desk@example.com, subject: "{{recording.seconds}} s" } }, next: end }
`)
  for (const keys of ['7 speak:9', 'silence']) {
    const { status, stderr } = await call(['--keys', keys, '--record', 'flows/a.calls.yaml'], folder)
    t.equal(status, 0, stderr)
  }
  const text = readFileSync(join(folder, 'flows/a.calls.yaml'), 'utf8')
  t.strictSame(parse(text).calls[0].steps.map((step: object | string) => (typeof step === 'string' ? step : Object.keys(step).join())), ['ivr', 'press', 'sends', 'record', 'speak', 'end', 'sends'])
  t.match(text, /- sends: \{ post: \{ url: "https:\/\/crm\.example\.com\/", json: \{ word: "7", at: "\d\d:\d\d", list: \[1, true\] \} \} \}|- sends: \[\{ email: /)
  t.ok(validate(parse(text)), JSON.stringify(validate.errors))
  let told = ''
  const stdin = { async *[Symbol.asyncIterator](): AsyncIterableIterator<string> { yield* [] } }
  t.equal(await runCommand(['test', 'flows'], { stdout: { write: words => { told += words } }, stderr: { write: words => { told += words } }, stdin, env: {}, cwd: folder }), 0, told)
})

void t.test('another application: what its addresses tell; and a call taken over', async t => {
  const hook = await listen({ '/': { play: '$/2.wav', next: { connect: '+46812345671,+46812345672', next: { hangup: 'reject' } } } })
  t.teardown(() => hook.close())
  const path = file()
  t.equal((await call(['--url', `${hook.base}/`, '--keys', 'busy', '--record', path])).status, 0)
  t.strictSame(parse(readFileSync(path, 'utf8')).calls[0].steps, [{ play: '2.wav' }, { connect: ['+46812345671', '+46812345672'] }, { line: 'busy' }, { hangup: 'reject' }, 'end'])

  const folder = join(root, 'handover')
  mkdirSync(join(folder, 'flows'), { recursive: true })
  writeFileSync(join(folder, 'flows/a.yaml'), `start: a\nlanguage: sv\ntimezone: Europe/Stockholm\nstates:\n  a: { play: sound/beep, next: "${hook.base}/" }\n`)
  const { status, stderr } = await call(['--keys', 'busy', '--record', 'flows/a.calls.yaml'], folder)
  t.equal(status, 0, stderr)
  const taken = parse(readFileSync(join(folder, 'flows/a.calls.yaml'), 'utf8'))
  t.strictSame(taken.calls[0].steps, [{ play: 'sound/beep' }, { handover: `${hook.base}/` }])
  t.ok(validate(taken), JSON.stringify(validate.errors))
})

void t.test('files as people write them', async t => {
  const one = { name: 'New', steps: ['end'] as const }
  const added = (indent: number): string => writeCall(one, indent)
  const texts: [name: string, before: string | undefined, after: string | undefined][] = [
    ['no file', undefined, `calls:\n${added(2)}`],
    ['an empty file', '\n', `calls:\n${added(2)}`],
    ['no line end', 'calls:\n  - name: A\n    steps:\n      - end', `calls:\n  - name: A\n    steps:\n      - end\n\n${added(2)}`],
    ['not indented', 'calls:\n- name: A\n  steps:\n  - end\n', `calls:\n- name: A\n  steps:\n  - end\n\n${added(0)}`],
    ['deep', 'calls:\n    - name: A\n      steps: [end]\n', `calls:\n    - name: A\n      steps: [end]\n\n${added(4)}`],
    ['a key behind', 'calls:\n  - name: A\n    steps:\n      - end\n\nnote: x\n', `calls:\n  - name: A\n    steps:\n      - end\n\n${added(2)}\nnote: x\n`],
    ['a note that ends a call', 'calls:\n  - name: A\n    steps: [end]\n    note: why   # because\n', `calls:\n  - name: A\n    steps: [end]\n    note: why   # because\n\n${added(2)}`],
    ['a comment at the end', 'calls:\n  - steps: [end]\n    name: A\n# the end\n', `calls:\n  - steps: [end]\n    name: A\n\n${added(2)}\n# the end\n`],
    ['a block of text', 'calls:\n  - steps: [end]\n    name: |\n      A\n      B\n', `calls:\n  - steps: [end]\n    name: |\n      A\n      B\n\n${added(2)}`],
    ['in brackets', 'calls: [{ name: A, steps: [end] }]\n', undefined],
    ['an empty list', 'calls: []\n', undefined],
    ['something else', 'states: {}\n', undefined],
    ['no YAML', 'calls: [\n', undefined],
  ]
  for (const [name, before, after] of texts) t.equal(addCall(before, one, 'x.calls.yaml'), after, name)
})

void t.test('a file that nothing can be added to is refused before the call', async t => {
  const path = file('calls: []\n')
  const { status, stderr } = await call(['carrier-example', '--keys', '1', '--record', path])
  t.equal(status, 2)
  t.match(stderr, /nothing can be added to `.*x\.calls\.yaml`: it holds no `calls:` written as a list/)
  t.equal(readFileSync(path, 'utf8'), 'calls: []\n')
})
