/** Who may ask, under which address we are reached, sounds, limits, health, and the operator's side. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { MP3 } from './real-sounds.ts'
import { ask, FIRST, run, speak, until } from './serve/running.ts'
import type { Asked } from './serve/running.ts'

const MENU = 'start: bye\nnumbers: ["+46846500400"]\nstates:\n  bye: { play: tone.mp3, on: { success: bye2, failed: end } }\n  bye2: { play: sound.wav, next: end }\n'
/** A word behind a tag of 4,000 bytes. */
const TONE = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 4000 >> 7, 4000 & 0x7f]), Buffer.alloc(4000, 'tonval'), MP3])
const files = { 'menu.yaml': MENU, 'tone.mp3': TONE }

void t.test('sounds', async t => {
  const server = await run({ files })
  t.teardown(() => server.stop())
  const address = String((await server.call('menu')).json['play'])
  const hash = address.split('/')[4] as string
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => ask(path.startsWith('http') ? path : server.voice + path, { method, headers })
  t.match(address, /\/audio\/[0-9a-f]{32}\/tone\.mp3$/)
  const whole = await get(address)
  t.match(whole, { status: 200, headers: { 'content-type': 'audio/mpeg', 'cache-control': 'public, max-age=31536000, immutable', 'accept-ranges': 'bytes', 'content-length': String(TONE.length) } })
  t.equal(whole.text, TONE.toString())
  t.match(await get(address, {}, 'HEAD'), { status: 200, text: '', headers: { 'content-type': 'audio/mpeg', 'content-length': String(TONE.length) } })
  t.match(await get(address, { range: 'bytes=0-2' }), { status: 206, text: 'ID3', headers: { 'content-range': `bytes 0-2/${TONE.length}` } })
  t.match(await get(address, { range: 'bytes=-4' }), { status: 206, text: TONE.subarray(-4).toString() })
  t.match(await get(address, { range: 'bytes=9000-' }), { status: 416, headers: { 'content-type': /^application\/problem\+json/, 'content-range': `bytes */${TONE.length}` }, json: { title: 'Range Not Satisfiable' } })
  t.notMatch((await get(address, { range: 'bytes=9000-' })).headers['cache-control'] ?? '', /max-age/, 'a refusal is not kept')
  t.equal((await get(address, { 'if-none-match': String(whole.headers['etag']) })).status, 304)
  t.equal((await get(address.replace('tone.mp3', 'another-name'))).text, TONE.toString(), 'the name is for people')
  const silence = (await ask(`${server.voice}/audio/${hash}/x`.replace(hash, String((JSON.parse((await ask(String((await server.call('menu')).json['next']), { body: 'result=ok' })).text) as { play: string }).play.split('/')[4])), { method: 'GET' }))
  t.match(silence, { status: 200, headers: { 'content-type': 'audio/wav' } })
  const refused: string[] = [
    `/audio/${'0'.repeat(32)}/tone.mp3`, '/audio/secret/x', '/audio/..%2f..%2fsecret/x', '/audio/%2e%2e%2fsecret/x', '/audio/__proto__/x', `/audio/${hash.toUpperCase()}/x`, `/audio/${hash}%00/x`,
    `/audio/${hash}.mp3/x`, '/audio/', `/audio/${hash}`, `/audio/${hash}/`, `/audio/${hash}/../../secret`, `/audio/${hash}/a/b`, '/audio//etc/passwd', '/audio/..%5c..%5csecret/x',
  ]
  for (const path of refused) {
    // as bytes: a client would tidy the path up
    const heard = await speak(server.voice, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    if (path === `/audio/${hash}/`) t.match(heard, /^HTTP\/1\.1 (200|404) /, path)
    else t.match(heard, /^HTTP\/1\.1 404 [^]*problem\+json/, path)
    t.notMatch(heard, /root:|ENOENT|sounds/, path)
  }
  rmSync(join(server.root, 'data', 'sounds', `${hash}.mp3`))
  t.match(await get(address), { status: 404, headers: { 'content-type': /^application\/problem\+json/ } }, 'a sound that is gone')
})

void t.test('which addresses we hand out', async t => {
  const rows: [name: string, args: string[], headers: Record<string, string>, base: string][] = [
    ['the host of the request', [], { host: 'voice.example.com' }, 'http://voice.example.com'],
    ['forwarded headers of nobody we trust', [], { host: 'a.example', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }, 'http://a.example'],
    ['of a proxy we trust', ['--trust-proxy', '127.0.0.1'], { host: 'a.example', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'voice.example.com' }, 'https://voice.example.com'],
    ['of a proxy we trust, nonsense', ['--trust-proxy', '127.0.0.1'], { host: 'a.example', 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'a"b' }, 'http://127.0.0.1'],
    ['where we trust another', ['--trust-proxy', '192.0.2.0/24'], { host: 'a.example', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '192.0.2.1' }, 'http://a.example'],
    ['the public address', ['--public-url', 'https://Voice.example.com:443/'], { host: 'a.example', 'x-forwarded-host': 'evil.example' }, 'https://voice.example.com'],
  ]
  for (const [name, args, headers, base] of rows) {
    const server = await run({ files, args })
    const { json } = await ask(`${server.voice}/voice/menu?key=${server.key('menu')}`, { body: FIRST, headers })
    for (const key of ['play', 'next', 'whenhangup']) t.equal(String(json[key]).replace(/(127\.0\.0\.1):\d+/, '$1').split('/').slice(0, 3).join('/'), base, `${name}: ${key}`)
    await server.stop()
  }
})

void t.test('--allow-from', async t => {
  const server = await run({ files, args: ['--allow-from', '46elks,192.0.2.0/24,2001:db8::/32', '--trust-proxy', '127.0.0.1'] })
  t.teardown(() => server.stop())
  const path = `/voice/menu?key=${server.key('menu')}`
  const rows: [from: string, status: number][] = [
    ['176.10.154.199', 200], ['2001:9b0:2:902::199', 200], ['192.0.2.77', 200], ['::ffff:192.0.2.77', 200], ['2001:db8:1::1', 200],
    ['192.0.3.1', 403], ['::ffff:10.0.0.1', 403], ['2001:db9::1', 403], ['nonsense', 403], ['', 403],
  ]
  for (const [from, status] of rows) t.equal((await ask(server.voice + path, { body: FIRST, headers: { 'x-forwarded-for': from } })).status, status, from)
  for (const spelling of [path, path.replace('/voice', '/%76oice'), `http://x${path}`, path.replace('/menu', '/%6denu'), `//x${path}`]) {
    t.match(await speak(server.voice, `POST ${spelling} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`), /^HTTP\/1\.1 40[034] /, spelling)
  }
  for (const path of ['/health', '/ready', '/audio/0/x']) t.not((await ask(server.voice + path, { method: 'GET' })).status, 403, path)
})

void t.test('the limit counts refusals, and no call', async t => {
  const server = await run({ files })
  t.teardown(() => server.stop())
  const { json } = await server.call('menu')
  for (let i = 0; i < 130; i++) if ((await server.call('menu')).status !== 200) t.fail('a call was refused')
  const statuses: number[] = []
  for (let i = 0; i < 130; i++) statuses.push((await ask(`${server.voice}/voice/menu/garbage${i}`)).status)
  t.strictSame([...new Set(statuses)], [403, 429])
  t.equal(statuses.indexOf(429), 100)
  const refused = await ask(`${server.voice}/nowhere`)
  t.match(refused, { status: 429, json: { type: 'about:blank', title: 'Too Many Requests', status: 429 }, headers: { 'retry-after': /^\d+$/ } })
  t.equal((await server.call('menu')).status, 200, 'the same sender may still begin calls')
  t.equal((await ask(String(json['next']), { body: 'result=ok' })).status, 200, 'and go on with them')
  t.equal((await ask(String(json['whenhangup']))).status, 204, 'and end them')
})

void t.test('health and ready', async t => {
  const server = await run({ files: { 'menu.yaml': 'nonsense' } })
  t.teardown(() => server.stop())
  t.match(await ask(`${server.voice}/health`, { method: 'GET' }), { status: 200, json: { status: 'ok', version: '1.2.3' } })
  t.match(await ask(`${server.voice}/ready`, { method: 'GET' }), { status: 503, json: { status: 'no flow is served', flows: 0 } })
  writeFileSync(join(server.folder, 'menu.yaml'), MENU.replace('tone.mp3', 'sound.wav'))
  await until('it is ready', async () => (await ask(`${server.voice}/ready`, { method: 'GET' })).status === 200)
  t.match(await ask(`${server.voice}/ready`, { method: 'HEAD' }), { status: 200, text: '' })
})

void t.test('the operator\'s side', async t => {
  const server = await run({ files })
  t.teardown(() => server.stop())
  const { host, port } = new URL(server.admin)
  const rows: [name: string, asked: Asked, status: number][] = [
    ['from here', {}, 200], ['by name', { headers: { host: `localhost:${port}` } }, 200], ['from our own page', { headers: { origin: `http://${host}` } }, 200],
    ['from our own page, it says', { headers: { 'sec-fetch-site': 'same-origin' } }, 200],
    ['a name that leads here', { headers: { host: 'rebound.example' } }, 403], ['a name that looks alike', { headers: { host: '127.0.0.1.evil.example' } }, 403], ['localhost in a name', { headers: { host: 'localhost.evil.example' } }, 403],
    ['another page', { headers: { origin: 'https://evil.example' } }, 403], ['a page on another port', { headers: { origin: 'http://127.0.0.1:1' } }, 403], ['a page of no origin', { headers: { origin: 'null' } }, 403],
    ['another site, it says', { headers: { 'sec-fetch-site': 'cross-site' } }, 403], ['a page on this machine, it says', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
  ]
  for (const [name, asked, status] of rows) {
    t.equal((await ask(`${server.admin}/api/flows`, { method: 'GET', ...asked })).status, status, name)
    t.equal((await ask(`${server.admin}/api/reload`, asked)).status, status, `${name}: reload`)
  }
  t.match(await speak(server.admin, 'GET /api/flows HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /, 'no host at all')
  t.match(await ask(`${server.admin}/api/nothing`, { method: 'GET' }), { status: 404, json: { title: 'Not Found' } })
  t.match((await ask(`${server.admin}/api/flows`, { method: 'GET' })).json, { version: 1, flows: [{ name: 'menu', state: 'live', numbers: ['+46846500400'], states: 2 }], problems: [] })
  t.match(await ask(`${server.voice}/api/flows`, { method: 'GET' }), { status: 404 }, 'not on the carrier\'s side')
  t.match(await ask(`${server.admin}/voice/menu?key=${server.key('menu')}`), { status: 404 }, 'nor the other way')
  const before = (await ask(`${server.admin}/api/flows`, { method: 'GET' })).json
  writeFileSync(join(server.folder, 'menu.yaml'), MENU.replace('success: bye2', 'success: goodbye'))
  const refused = await ask(`${server.admin}/api/reload`, { body: '' })
  t.match(refused, { status: 422, json: { flows: [{ name: 'menu', state: 'refused' }], problems: [{ code: 'unknown-target', severity: 'error', range: { start: { line: 4, column: 41 } } }] } })
  t.equal((refused.json as { flows: { live: string }[] }).flows[0]?.live, (before as { flows: { live: string }[] }).flows[0]?.live, 'the last good version answers')
  writeFileSync(join(server.folder, 'menu.yaml'), MENU)
  for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'text/html' }]) t.equal((await ask(`${server.admin}/api/reload`, { headers, body: '' })).status, 200, headers['content-type'])
  t.strictSame((await ask(`${server.admin}/api/flows`, { method: 'GET' })).json, before)
  t.notMatch(readFileSync(join(server.root, 'data', 'live.json'), 'utf8'), /secret/)

  const guarded = await run({ files, env: { TONVAL_ADMIN_TOKEN: 'a token of sixteen' }, args: ['--admin', '0.0.0.0:0'] })
  t.teardown(() => guarded.stop())
  const admin = `http://127.0.0.1:${new URL(guarded.admin).port}`
  const tokens: [name: string, authorization: string | undefined, status: number][] = [
    ['none', undefined, 401], ['wrong', 'Bearer a token of sixteeN', 401], ['the wrong way', 'Basic a token of sixteen', 401], ['right', 'Bearer a token of sixteen', 200],
  ]
  for (const [name, authorization, status] of tokens) {
    const headers = { host: 'ops.example', ...(authorization === undefined ? {} : { authorization }) }
    t.equal((await ask(`${admin}/api/flows`, { method: 'GET', headers })).status, status, name)
    t.equal((await ask(`${admin}/api/reload`, { headers })).status, status, `${name}: reload`)
    t.equal((await ask(`${admin}/api/flows`, { method: 'GET', headers: { ...headers, origin: 'https://evil.example' } })).status, 403, `${name}, from another page`)
  }
})
