/** What holds for every text: lint and a server agree, a mend changes nothing that it must not, and nothing makes a check fall over. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { check } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { mend } from '../src/cli/fix.ts'
import { commentsIn } from '../src/parse/comments.ts'
import { mutant, slip, SOUND_NAMES, untidy } from './mutants.ts'
import { ask, run, SOUND } from './serve/running.ts'
import { SETTINGS, SOUNDS } from './survives.ts'

t.setTimeout(280_000)

/** Calls that hang up at the first thing that they meet, and calls that go another way. */
function scripts(text: string): readonly [good: string, bad: string] {
  const calls = 'calls:\n  - name: Nobody waits\n    steps: [hang-up]\n'
  const { problems } = check({ flows: [{ name: 'a', path: 'a.yaml', text }], calls: [{ name: 'a', path: 'a.calls.yaml', text: calls }], sounds: SOUNDS }, SETTINGS)
  const met = /^met `(\w+): (.*)`/.exec(problems.find(problem => problem.code === 'call-fails')?.label ?? '')
  const good = met === null ? calls : calls.replace('hang-up', `{ ${met[1]}: "${asWaves(met[2] as string).replaceAll('"', '')}" }, hang-up`)
  return [good, good.replace('hang-up', 'press: 1, hang-up')]
}

/** The sounds of these tests are all of one kind; and no flow answers a line, which the server would not let go with its file. */
function asWaves(text: string): string {
  return text.replace(/\.(mp3|ogg)\b/g, '.wav').replace(/^numbers: .*\n/m, '')
}

interface Found {
  readonly code: string
  readonly severity: string
  readonly range: unknown
}

const told = (problems: unknown): string[] => (problems as readonly Found[]).filter(one => one.severity === 'error').map(one => `${one.code} ${JSON.stringify(one.range)}`)

void t.test('lint exits 0 exactly when a server without earlier versions serves the files', { timeout: 280_000 }, async t => {
  const sounds = Object.fromEntries(SOUND_NAMES.map(name => [name.replace(/\.\w+$/, '.wav'), SOUND]))
  const server = await run({ files: { ...sounds, 'first.yaml': 'start: bye\nstates:\n  bye: { play: sound/beep, next: end }\n' } })
  t.teardown(() => server.stop())
  const beside = mkdtempSync(join(tmpdir(), 'tonval-laws-'))
  t.teardown(() => rmSync(beside, { recursive: true }))
  for (const [name, sound] of Object.entries(sounds)) {
    mkdirSync(dirname(join(beside, name)), { recursive: true })
    writeFileSync(join(beside, name), sound)
  }
  const write = (folder: string, files: Readonly<Record<string, string>>): void => {
    for (const old of readdirSync(folder).filter(one => one.endsWith('.yaml'))) rmSync(join(folder, old))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  }
  const withCalls = fc.oneof({ weight: 2, arbitrary: mutant(0) }, { weight: 3, arbitrary: mutant(2) }).chain(text => {
    const [good, bad] = scripts(text)
    return fc.tuple(fc.constant(text), fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: fc.constant(good) }, fc.constant(bad), slip(good)))
  })
  let names = 0
  const outcomes = { served: 0, refused: 0 }
  await fc.assert(fc.asyncProperty(withCalls, async ([text, script]) => {
    // a name of its own for each: no earlier version may answer in its place
    const name = `flow-${names++}`
    const files = { [`${name}.yaml`]: asWaves(text), ...(script === undefined ? {} : { [`${name}.calls.yaml`]: script }) }
    write(beside, files)
    write(server.folder, files)
    // first, so that lint finds in the data folder what was spoken: an engine of its own for each text would take most of the time
    const answer = await ask(`${server.admin}/api/reload`)
    let stdout = ''
    const status = await runCommand(['lint', '--format', 'json', beside], { stdout: { write: (part: string) => { stdout += part } }, stderr: { write: () => undefined }, stdin: (async function* () { yield '' })(), env: { TONVAL_DATA: join(server.root, 'data') }, cwd: beside })
    const serves = answer.status === 200 && (answer.json['flows'] as { name: string; state: string }[]).some(flow => flow.name === name && flow.state === 'live')
    outcomes[serves ? 'served' : 'refused']++
    if ((status === 0) !== serves) throw new Error(`lint ends with ${status}, and the server answers ${answer.status}:\n${text}\n${script ?? ''}\n${stdout}\n${answer.text}`)
    const here = told((JSON.parse(stdout) as { problems: unknown }).problems)
    const there = told((answer.json['problems'] as { problems?: unknown }).problems ?? answer.json['problems'])
    if (here.join('\n') !== there.join('\n')) throw new Error(`lint and the server tell otherwise:\n${text}\n${here.join('\n')}\n${there.join('\n')}`)
  }), { numRuns: Number(process.env['TONVAL_LAW_RUNS'] ?? 80), seed: 46, endOnFailure: true })
  t.ok(outcomes.served > 8 && outcomes.refused > 15, JSON.stringify(outcomes))
})

/** All that the flows of a set do, without the hashes of their texts. */
function meanings(set: SourceSet): ReadonlyMap<string, string> {
  return new Map([...check(set, SETTINGS).served].map(([name, { flow }]) => [name, JSON.stringify({ ...flow, version: '' })]))
}

void t.test('a safe mend leaves what a flow does, and every remark; a second run changes nothing', async t => {
  let mended = 0
  fc.assert(fc.property(mutant(2).chain(untidy), text => {
    const set = { flows: [{ name: 'a', path: 'a.yaml', text }], sounds: SOUNDS }
    const before = meanings(set).get('a')
    const [file] = mend(set, SETTINGS, false, undefined)
    if (file === undefined) return
    mended++
    const after = { ...set, flows: [{ name: 'a', path: 'a.yaml', text: file.after }] }
    if (before !== undefined && meanings(after).get('a') !== before) throw new Error(`the flow does something else:\n${text}\n---\n${file.after}`)
    const remarks = (one: string): string => commentsIn(one).map(comment => comment.text).join('\n')
    if (before !== undefined && remarks(file.after) !== remarks(text)) throw new Error(`a remark was lost:\n${text}\n---\n${file.after}`)
    if (mend(after, SETTINGS, false, undefined).length > 0) throw new Error(`a second run changes more:\n${file.after}`)
  }), { numRuns: 300, seed: 46, endOnFailure: true })
  t.ok(mended > 25, `${mended} were mended`)
})
