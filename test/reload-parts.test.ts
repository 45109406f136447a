/** What watches, checks and stores, each with the faults that it must survive. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import type { Test } from 'tap'
import { check } from '../src/check.ts'
import type { CheckSettings, SourceSet } from '../src/check.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { createCandidates } from '../src/reload/candidate.ts'
import { createChecker } from '../src/reload/checker.ts'
import { fingerprint } from '../src/reload/fingerprint.ts'
import { hintsArrive } from '../src/reload/hints.ts'
import type { Listen } from '../src/reload/hints.ts'
import { watch } from '../src/reload/watch.ts'
import { writers } from '../src/reload/writers.ts'
import { openVersionStore } from '../src/store/version-store.ts'
import { ask, run, SOUND, until } from './serve/running.ts'

const settings: CheckSettings = { env: {}, hosts: [], silence: SILENCE_FILE }
const flow = (next: string): string => `start: desk\nstates:\n  desk: { play: sound.wav, next: ${next} }\n`
const PATIENCE = 60_000

function folderOf(t: Test, files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-parts-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

void t.test('watching goes on without events, after errors, and reads everything now and then', { timeout: 120_000 }, async t => {
  const folder = folderOf(t, { 'menu.yaml': flow('end') })
  let seen: string | undefined
  let all = 0
  const failed: string[] = []
  const armed: { wake: () => void; fail: (error: Error) => void }[] = []
  const deaf: Listen = (_folder, wake, fail) => {
    armed.push({ wake, fail })
    return { close: async () => undefined }
  }
  const watcher = watch({
    folder, isSeen: look => look === seen, failed: error => failed.push(error.message), listen: deaf, sweep: 10, afresh: 200,
    changed: async afresh => { if (afresh) all++; seen = await fingerprint(folder) },
  })
  t.teardown(() => watcher.close())
  await until('the first look', () => seen !== undefined, PATIENCE)
  const first = seen
  writeFileSync(join(folder, 'menu.yaml'), flow('desk'))
  await until('the sweep finds an edit that nobody told of', () => seen !== first, PATIENCE)
  await until('everything is read again although it looks unchanged', () => all > 1, PATIENCE)
  armed[0]?.fail(new Error('ENOSPC'))
  armed[0]?.fail(new Error('once more'))
  await until('it listens again', () => armed.length > 1, PATIENCE)
  armed[1]?.fail(new Error('ENOSPC again'))
  t.same(failed, ['ENOSPC'], 'told once')
  t.equal(watcher.health().listening, false)
  const before = seen
  writeFileSync(join(folder, 'menu.yaml'), flow('desk, note: x'))
  await until('an edit in between is found', () => seen !== before, PATIENCE)
  renameSync(folder, `${folder}.old`)
  mkdirSync(folder)
  t.teardown(() => rmSync(`${folder}.old`, { recursive: true }))
  await until('another folder in its place is listened to', () => armed.length > 2, PATIENCE)
  t.ok(Date.now() - watcher.health().swept < PATIENCE && watcher.health().took > 0)
})

void t.test('a look that fails is told, and the next one comes', { timeout: 120_000 }, async t => {
  const folder = folderOf(t)
  let tries = 0
  const failed: string[] = []
  const watcher = watch({ folder, isSeen: () => tries > 2, sweep: 10, failed: error => failed.push(error.message), changed: async () => { if (++tries < 3) throw new Error('no') } })
  await until('it was tried three times', () => tries === 3, PATIENCE)
  await watcher.close()
  t.same(failed, ['no', 'no'])
})

void t.test('whether events arrive', { timeout: 120_000 }, async t => {
  const data = folderOf(t)
  const never = new AbortController()
  t.equal(await hintsArrive(data, never.signal), true)
  t.equal(await hintsArrive(data, never.signal, (_folder, _wake, fail) => { fail(new Error('ENOSPC')); return { close: async () => undefined } }), false)
  t.equal(await hintsArrive(data, AbortSignal.abort()), true)
  t.same(readdirSync(data), [], 'nothing is left behind')
})

void t.test('signs of writers', async t => {
  const root = folderOf(t)
  const folder = join(root, 'a', 'flows')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(root, '.git'))
  t.equal((await writers(folder)).size, 0)
  for (const name of ['.menu.yaml.swp', '.menu.yaml.swx', 'menu.yaml~', '4913', '#menu.yaml#', 'menu.yaml___jb_tmp___', '.goutputstream-ABC123', 'sedAb12Cd', '.menu.yaml.x1Y2z3', 'menu.yaml.tmp']) {
    writeFileSync(join(folder, name), '')
    t.equal((await writers(folder)).size, 1, name)
    rmSync(join(folder, name))
  }
  for (const name of ['.#menu.yaml', '..data_tmp']) {
    symlinkSync('nowhere', join(folder, name))
    t.equal((await writers(folder)).size, 1, name)
    rmSync(join(folder, name))
  }
  for (const name of ['menu.yaml', 'menu.calls.yaml', '.gitignore', '..data', 'README.md', '.editorconfig']) writeFileSync(join(folder, name), '')
  t.equal((await writers(folder)).size, 0, 'files that mean nothing')
  writeFileSync(join(root, '.git', 'index.lock'), '')
  t.equal((await writers(folder)).size, 1, 'git, further up')
  const far = join(root, 'far')
  mkdirSync(far)
  writeFileSync(join(far, 'index.lock'), '')
  writeFileSync(join(folder, '.git'), 'gitdir: ../../far\n')
  t.equal((await writers(folder)).size, 2, 'a worktree')
})

void t.test('what is taken of a folder', { timeout: 120_000 }, async t => {
  const folder = folderOf(t, { 'menu.yaml': flow('end'), 'sound.wav': SOUND, 'menu.yml': '', 'notes.txt': '' })
  let live = new Map([['menu', flow('end')]])
  const candidates = createCandidates({ folder, shown: 'flows', live: () => live })
  const one = await candidates.take()
  t.match(one, { set: { flows: [{ name: 'menu', path: 'flows/menu.yaml', text: flow('end') }], others: ['menu.yml'] }, look: await fingerprint(folder) })
  t.equal((await candidates.take(true)).digest, one.digest)
  writeFileSync(join(folder, 'notes.txt'), 'more')
  t.equal(await fingerprint(folder), one.look, 'what does not matter is not looked at')
  // the middle one is cut off: it stays while nobody writes the rest, and is held back while somebody writes all the time
  const text = flow('end')
  writeFileSync(join(folder, 'menu.yaml'), text.slice(0, 20))
  t.match(await candidates.take(), { set: { flows: [{ text: text.slice(0, 20) }] } }, 'after two seconds')
  live = new Map([['menu', flow('desk')]])
  writeFileSync(join(folder, 'menu.yaml'), flow('desk').slice(0, 30))
  const busy = setInterval(() => writeFileSync(join(folder, 'other.yaml'), String(performance.now())), 5)
  const held = await candidates.take()
  clearInterval(busy)
  t.equal(held.look, undefined, 'it must be read again')
  t.equal(held.set.flows.find(file => file.name === 'menu')?.text, flow('desk'))
})

void t.test('checking in a worker says what check says, and survives what is too much', { timeout: 240_000 }, async t => {
  const sound = { hash: 'h', format: 'wav' as const }
  const states = Array.from({ length: 130 }, (_, index) => `  s${index}: { play: sound.wav, next: s${index + 1} }\n`).join('')
  const set: SourceSet = { flows: [{ name: 'menu', path: 'menu.yaml', text: `start: s0\nstates:\n${states}  s130: { play: sound.wav, next: end }\n` }, { name: 'bad', path: 'bad.yaml', text: flow('nowhere') }], sounds: new Map([['sound.wav', sound]]) }
  const checker = createChecker(settings)
  t.teardown(() => checker.close())
  const wanted = check(set, settings)
  t.same(await checker.check(set), wanted)
  const known = [...wanted.served.values()].map(one => one.flow)
  const again = await checker.check(set, new Map(known.map(one => [one.version, one])))
  t.equal(again.served.get('menu')?.flow, known[0], 'a flow that is known is not sent again')
  t.same(again, wanted)
  const source = wanted.served.get('menu')?.source
  t.same(source === undefined ? undefined : await checker.rebuild(source), known[0])

  for (const [name, options] of [['memory', { memory: 4 }], ['time', { patience: 1 }]] as const) {
    const crashes: string[] = []
    const poor = createChecker(settings, { ...options, crashed: error => crashes.push(error.message) })
    await t.rejects(poor.check(set), { message: /memory|thread ended/ }, name)
    t.equal(crashes.length, 2, `${name}: it is tried twice`)
    await poor.close()
    await t.rejects(poor.check(set), /stops/)
  }
})

void t.test('a checker that nobody needs gives its thread back', async t => {
  const threads: Worker[] = []
  let ended = 0
  const began = (message: unknown): void => {
    const { worker } = message as { worker: Worker }
    threads.push(worker.once('exit', () => { ended++ }))
  }
  subscribe('worker_threads', began)
  t.teardown(() => unsubscribe('worker_threads', began))
  const crashes: string[] = []
  const checker = createChecker(settings, { idle: 1, crashed: error => crashes.push(error.message) })
  t.teardown(() => checker.close())
  const set: SourceSet = { flows: [{ name: 'menu', path: 'menu.yaml', text: flow('desk') }], sounds: new Map() }
  const first = await checker.check(set)
  await until('its thread has ended', () => ended === 1)
  t.same(await checker.check(set), first)
  t.equal(threads.length, 2, 'another one begins when there is work')
  t.same(crashes, [], 'it is no fault')
})

void t.test('a reload waits for no text that somebody is writing', { timeout: 240_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': flow('end') } })
  t.teardown(() => server.stop())
  const states = Array.from({ length: 6000 }, (_, index) => `  s${index}: { play: sound.wav, next: s${index + 1} }\n`).join('')
  let checked = false
  const check = ask(`${server.admin}/api/flows/long/check`, { body: `start: s0\nstates:\n${states}  s6000: { play: sound.wav, next: end }\n`, headers: { 'content-type': 'application/yaml' } }).finally(() => { checked = true })
  writeFileSync(join(server.folder, 'menu.yaml'), flow('bye }\n  bye: { play: sound.wav, next: end'))
  t.match(await ask(`${server.admin}/api/reload`), { status: 200, json: { changes: [{}] } })
  t.notOk(checked, 'it was live first')
  t.match(await check, { status: 200, json: { fits: true } })
})

void t.test('the store lets go of what no call can need', async t => {
  const data = folderOf(t)
  const folder = folderOf(t, { 'sound.wav': SOUND })
  const store = await openVersionStore(data)
  const day = 24 * 3600_000
  const now = Date.now()
  const sounds = (await createCandidates({ folder, shown: '', live: () => new Map() }).take()).set.sounds
  const file = sounds.get('sound.wav')
  if (file === undefined) throw new Error('the sound was not read')
  const sourceOf = (name: string, played: boolean) => ({ language: 1, name, path: 'x.yaml', text: '', sounds: played ? [['sound.wav', file] as const] : [] })
  const age = (path: string, days: number): void => utimesSync(join(data, path), new Date(now - days * day), new Date(now - days * day))
  const rows: [version: string, days: number, stays: boolean][] = [['a1', 0, true], ['a2', 3.9, true], ['a3', 29, true], ['a4', 31, false], ['a5', 400, true], ['a6', 400, true]]
  for (const [version, days] of rows) {
    await store.save(version, sourceOf('menu', version === 'a4'), folder)
    age(`versions/${version}.json`, days)
  }
  writeFileSync(join(data, 'versions', 'a7.json.0123.tmp'), 'left over')
  age('versions/a7.json.0123.tmp', 5)
  age(`sounds/${file.hash}.wav`, 5)
  await store.setLive({ folder, live: { menu: 'a5' }, numbers: { menu: ['+46846500400'] } })
  await store.touch(['a6', 'ffff'])
  t.ok(store.sound(file.hash))
  t.equal(await store.prune(now), 1)
  t.same(readdirSync(join(data, 'versions')).sort(), rows.filter(([, , stays]) => stays).map(([version]) => `${version}.json`))
  t.equal(store.sound(file.hash), undefined, 'nobody plays its sound any more')
  t.ok(store.sound(SILENCE_FILE.hash), 'the silence stays')
  await store.save('b1', sourceOf('menu', true), folder)
  t.ok(store.sound(file.hash), 'and it comes back with a version that does')
  for (let index = 0; index < 1005; index++) {
    await store.save(`c${index.toString(16)}`, sourceOf('menu', false), folder)
    age(`versions/c${index.toString(16)}.json`, 5 + index / 1000)
  }
  t.equal(await store.prune(now), 10, 'a thousand are kept beside')
  t.same(await store.last(), { folder, live: { menu: 'a5' }, numbers: { menu: ['+46846500400'] } })
  writeFileSync(join(data, 'live.json'), '{"menu":"a5"}')
  t.same(await store.last(), { folder: '', live: { menu: 'a5' }, numbers: {} }, 'as an earlier tonval wrote it')
  const second = await openVersionStore(data)
  const more = Buffer.concat([SOUND, Buffer.from('more')])
  writeFileSync(join(folder, 'more.wav'), more)
  const other = (await createCandidates({ folder, shown: '', live: () => new Map() }).take()).set.sounds.get('more.wav')
  if (other === undefined) throw new Error('the sound was not read')
  await store.save('d1', { ...sourceOf('menu', false), sounds: [['more.wav', other]] }, folder)
  t.ok(second.sound(other.hash), 'a sound that another server stored is found')
  t.equal(second.sound('../secret'), undefined)
})
