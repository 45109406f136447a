/** The console's page in a real browser, as a person uses it. */
import { createRequire } from 'node:module'
import { readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { readPageFiles } from '../src/console/page-files.ts'
import { noBrowser, openScreen } from './page/browser.ts'
import { ask, SOUND, until } from './serve/running.ts'

const menu = (target: string): string => `title: "Bakery <img src=x onerror=document.title='broken'>"
start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: { say: "For bread, press one. <script>document.title='broken'</script>" }, sorry: sorry.wav, on: { 1: ${target}, 2: hours, noinput: shop, nomatch: shop } }
  shop: { connect: "+46846500401", on: { failed: bye } }
  hours: { play: hours.wav, next: bye }
  bye: { play: bye.wav, next: end }
`
const OTHER = 'title: Night line\nstart: duty\nswitches: { storm: { label: Storm warning, default: "off" } }\nstates:\n  duty: { route: [{ when: { switch: storm }, goto: bye }, { goto: desk }] }\n  desk: { connect: "+46846500402", on: { failed: bye } }\n  bye: { play: bye.wav, next: end }\n'
const sound = (byte: number): Buffer => Buffer.from(SOUND).fill(byte, 60)
const FILES = { 'bakery.yaml': menu('shop'), 'night.yaml': OTHER, 'bye.wav': sound(0x20), 'hours.wav': sound(0x30), 'sorry.wav': sound(0x50) }
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

void t.test('flows and their pictures', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen(FILES)
  t.teardown(() => screen.close())
  const { page, complaints, asked } = await screen.open()
  const row = (name: string) => page.locator('.flow-row', { hasText: name })

  await t.test('the list tells what is live, and follows a file that is saved', async t => {
    await row('Night line').getByText('live', { exact: true }).waitFor()
    t.equal(await page.locator('.flow-row').count(), 2)
    t.match(await row('bakery').innerText(), '+46846500400')
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), menu('shpo'))
    await row('bakery').getByText('refused').waitFor()
    t.match(await row('bakery').innerText(), /menu leads to a state that does not exist \(line 5\)/)
    t.match(await page.locator('nav .count-badge').innerText(), '1')
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), menu('hours'))
    await row('bakery').getByText('live', { exact: true }).waitFor()
    t.match(await page.locator('.news').innerText(), /key 1 now goes to hours, before: shop/)
    await screen.server.call('bakery')
    t.match((await ask(`${screen.server.admin}/api/flows`, { method: 'GET' })).json, { flows: [{ calls: [{ started: 1 }] }] })
  })

  await t.test('eight tabs, one of them in front', async () => {
    const { context, page: first } = await screen.open()
    const turn = (page: Page, hidden: boolean) => page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`)
    await first.locator('.flow-row').first().waitFor()
    for (let tab = 1; tab < 8; tab++) {
      await turn(context.pages().at(-1) as Page, true)
      const page = await context.newPage()
      await page.goto(`${screen.server.admin}/`)
      await page.locator('.flow-row').first().waitFor()
    }
    await turn(context.pages().at(-1) as Page, true)
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), menu('shpo'))
    await row('bakery').getByText('refused').waitFor()
    const bakery = first.locator('.flow-row', { hasText: 'bakery' })
    await bakery.getByText('live', { exact: true }).waitFor()
    await turn(first, false)
    await bakery.getByText('refused').waitFor()
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), menu('hours'))
    await bakery.getByText('live', { exact: true }).waitFor()
    await row('bakery').getByText('live', { exact: true }).waitFor()
    await context.close()
  })

  await t.test('markup in a title and in a prompt is text', async t => {
    t.match(await row('bakery').locator('.flow-title').innerText(), 'Bakery <img src=x onerror=')
    await row('bakery').getByRole('link').first().click()
    await page.locator('.picture [data-state=menu]').waitFor()
    t.match(await page.locator('h1').innerText(), 'Bakery <img')
    t.equal(await page.locator('main img, main script').count(), 0)
  })

  await t.test('a state is clicked, searched and walked to', async t => {
    const side = page.locator('.side')
    await page.locator('.picture [data-state=menu]').click()
    await side.getByRole('heading', { name: 'menu' }).waitFor()
    t.match(await side.innerText(), /“For bread, press one\. <script>[^]*after a wrong key[^]*Leads to[^]*1\s*2[^]*hours/)
    t.match(page.url(), 'state=menu')
    await side.getByRole('button', { name: 'shop' }).first().click()
    await side.getByRole('heading', { name: 'shop' }).waitFor()
    t.match(await page.locator('.picture .selected').getAttribute('data-state'), 'shop')
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.keyboard.type('hours.wav')
    await page.locator('.picture-search .found').filter({ hasText: '1 of 1' }).waitFor()
    await page.keyboard.press('Enter')
    await side.getByRole('heading', { name: 'hours' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.picture [data-state=menu]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await side.getByRole('heading', { name: /hours|shop/ }).waitFor()
    const transform = () => page.locator('.picture > g').getAttribute('transform')
    const before = await transform()
    await page.keyboard.press('+')
    t.not(await transform(), before, 'it zooms')
    await page.keyboard.press('0')
    await page.mouse.move(40, 700)
    await page.mouse.down()
    await page.mouse.move(140, 650, { steps: 3 })
    await page.mouse.up()
    t.not(await transform(), before, 'it moves')
  })

  await t.test('a sound is heard at its state', async t => {
    await page.goto(`${screen.server.admin}/#/flows/bakery/state?state=hours`)
    const heard = page.waitForResponse(response => response.url().includes('/sound/'))
    await page.getByRole('button', { name: 'Play hours.wav' }).click()
    const response = await heard
    t.ok([200, 206].includes(response.status()))
    t.match(response.headers()['content-type'], 'audio/wav')
  })

  await t.test('a switch is flipped, and who did it is told', async t => {
    await page.goto(`${screen.server.admin}/#/switches`)
    const card = page.locator('.card-item', { hasText: 'Storm warning' })
    await card.getByLabel('For').selectOption('4h')
    await card.getByLabel('Your name').fill('Anna')
    await card.getByRole('button', { name: 'on', exact: true }).click()
    await card.getByText('goes back').waitFor()
    t.match(await ask(`${screen.server.admin}/api/switches`, { method: 'GET' }), { json: { switches: [{ name: 'storm', value: 'on', record: [{ by: 'Anna' }] }] } })
    await until('the log says who', () => screen.server.lines().some(line => line['path'] === '/api/switches/storm' && line['who'] === 'this machine'))
  })

  await t.test('in Swedish, and dark', async t => {
    await page.goto(`${screen.server.admin}/#/`)
    await page.getByLabel('Settings').click()
    await page.getByLabel('Svenska').check()
    await page.getByRole('heading', { name: 'Flöden' }).waitFor()
    await page.getByLabel('Mörka').check()
    t.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    await page.reload()
    await page.getByRole('heading', { name: 'Flöden' }).waitFor()
    t.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  })

  t.strictSame(complaints, [], 'nothing was blocked, and no script failed')
  t.equal(await page.title(), 'tonval', 'nothing of a flow ran')
  t.strictSame(asked.filter(address => !address.startsWith(screen.server.admin) && !address.startsWith('data:')), [], 'no other host was asked')
})

/** A telephone tree of so many states. Their texts come again, that no time goes by in which they are spoken. */
function tree(states: number): string {
  const state = (at: number): string => {
    const below = [1, 2, 3, 4].map(key => [key, at * 4 + key] as const).filter(([, to]) => to < states)
    if (below.length > 0) return `  s${at}: { ivr: { say: "This is part ${at % 10}. Choose one." }, on: { ${below.map(([key, to]) => `${key}: s${to}`).join(', ')}, 9: s0 } }`
    return at % 2 === 0 ? `  s${at}: { connect: "+46846500401", on: { failed: bye } }` : `  s${at}: { play: { say: "This is what there is to say of ${at % 10}." }, next: bye }`
  }
  return `title: Large\nstart: s0\nlanguage: en\ndefaults: { ivr: { on: { noinput: bye, nomatch: bye } } }\nstates:\n${Array.from({ length: states }, (_, at) => state(at)).join('\n')}\n  bye: { play: bye.wav, next: end }\n`
}

void t.test('a flow of 500 states', { timeout: 240_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'large.yaml': tree(500), 'bye.wav': sound(0x20) })
  t.teardown(() => screen.close())
  const { page, complaints } = await screen.open(`${screen.server.admin}/#/flows/large`)
  await page.locator('.picture [data-state=s0]').waitFor()
  // since the page was asked for, on the browser's clock
  const opened = await page.evaluate<number>('performance.now()')
  // shown, not held: how long it takes depends on what else the machine does
  t.comment(`opened in ${Math.round(opened)} ms`)
  t.equal(await page.locator('.picture [data-state]').count(), 501)
  await page.keyboard.press('/')
  await page.keyboard.type('s499')
  await page.keyboard.press('Enter')
  await page.locator('.side').getByRole('heading', { name: 's499' }).waitFor()
  const box = await page.locator('.picture .selected').boundingBox()
  t.ok(box !== null && box.x >= 0 && box.x + box.width <= 846 && box.y >= 100 && box.y + box.height <= 800, 'what is found is in sight')
  t.strictSame(complaints, [])
})

void t.test('no serious issue of accessibility', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ ...FILES, 'wrong.yaml': menu('shpo').replace(/numbers.*\n/, '') })
  t.teardown(() => screen.close())
  const places = ['', 'flows/bakery', 'flows/bakery/state?state=menu', 'problems', 'switches', 'outbox']
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 375]) {
      const { page } = await screen.open(undefined, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
      await page.addScriptTag({ path: AXE })
      for (const path of places) {
        await page.goto(`${screen.server.admin}/#/${path}`)
        await page.locator('h1').waitFor()
        if (path.startsWith('flows')) await page.locator('.picture [data-state]').first().waitFor()
        const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
        const serious = violations.filter(one => one.impact === 'serious' || one.impact === 'critical')
        t.strictSame(serious.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`), [], `${path === '' ? 'flows' : path}, ${colorScheme}, ${width}`)
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path === '' ? 'flows' : path} at ${width}: nothing is cut`)
      }
    }
  }
})

void t.test('whoever comes from elsewhere shows the token', { timeout: 120_000, skip: noBrowser }, async t => {
  const token = 'the token of this test'
  const screen = await openScreen(FILES, { env: { TONVAL_ADMIN_TOKEN: token } })
  t.teardown(() => screen.close())
  const { page, context } = await screen.open()
  await page.getByLabel('Token').fill('a wrong one')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('not the token').waitFor()
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.locator('.flow-row').first().waitFor()
  t.match(await context.cookies(), [{ name: 'tonval_session', httpOnly: true, sameSite: 'Strict', secure: false }])
  await page.getByLabel('Settings').click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByLabel('Token').waitFor()
  t.equal((await context.cookies()).length, 0)
})

void t.test('requests to the page', { timeout: 120_000 }, async t => {
  const { run } = await import('./serve/running.ts')
  const token = 'the token of this test'
  const server = await run({ files: FILES, env: { TONVAL_ADMIN_TOKEN: token } })
  t.teardown(() => server.stop())
  const log = (body: string, headers: Record<string, string> = {}) => ask(`${server.admin}/login`, { body, headers })
  const open = await run({ files: FILES })
  t.teardown(() => open.stop())

  const page = await ask(`${open.admin}/`, { method: 'GET' })
  const policy = String(page.headers['content-security-policy'])
  t.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{20,}'; connect-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/)
  t.notMatch(page.text, /<script(?![^>]* src=)|<style|style=| on\w+=|\{\{/)
  t.not(String((await ask(`${open.admin}/`, { method: 'GET' })).headers['content-security-policy']), policy, 'the nonce is new each time')
  const script = /src="(\/assets\/main\.[0-9a-f]{12}\.js)"/.exec(page.text)?.[1] ?? ''
  t.match(await ask(open.admin + script, { method: 'GET', headers: { 'accept-encoding': 'br, gzip' } }), { status: 200, headers: { 'content-encoding': 'br', 'cache-control': /immutable/, 'content-type': /javascript/ } })
  t.equal((await ask(`${open.admin}/assets/main.000000000000.js`, { method: 'GET' })).status, 404)
  const files = readPageFiles()
  t.strictSame(readdirSync('build/src/console/page').filter(name => /-[A-Z0-9]{8}\.js$/.test(name)).sort(), files.pieces.map(file => basename(file.address)).sort(), 'nothing of an older build is left')
  const packed = await Promise.all([files.script, files.style, ...files.pieces].map(file => file.gzip()))
  const bytes = packed.reduce((sum, one) => sum + one.length, 0)
  t.ok(bytes > 50_000 && bytes < 400 * 1024, `${bytes} bytes compressed`)
  for (const [name, value] of [['host', 'evil.example'], ['origin', 'http://evil.example'], ['sec-fetch-site', 'cross-site']] as const) t.equal((await ask(`${open.admin}/`, { method: 'GET', headers: { [name]: value } })).status, 403, name)

  const picture = await ask(`${open.admin}/api/flows/bakery/picture`, { method: 'GET' })
  t.match(picture, { status: 200, headers: { 'content-type': /svg/, 'content-security-policy': /sandbox/ } })
  t.notMatch(picture.text, /<script|<img/)
  t.equal((await ask(`${open.admin}/api/flows/bakery/picture`, { method: 'GET', headers: { 'if-none-match': String(picture.headers['etag']) } })).status, 304)
  const old = String((await ask(`${open.admin}/api/flows/bakery`, { method: 'GET' })).json['live'])
  writeFileSync(join(open.folder, 'bakery.yaml'), menu('hours'))
  await ask(`${open.admin}/api/reload`)
  t.equal((await ask(`${open.admin}/api/flows/bakery/picture?version=${old}`, { method: 'GET' })).text, picture.text, 'the picture of a version stays')
  t.match((await ask(`${open.admin}/api/flows/bakery/graph?version=${old}`, { method: 'GET' })).json, { version: 1, edges: [{ from: 'menu', edge: '1', to: 'shop' }] })
  for (const path of ['bakery/picture?version=zz', `night/picture?version=${old}`, 'nobody/picture', 'bakery/sound/x', `bakery/sound/${'0'.repeat(32)}`, 'bakery/sound/..%2Flive.json']) t.equal((await ask(`${open.admin}/api/flows/${path}`, { method: 'GET' })).status, 404, path)

  const form = await ask(`${server.admin}/`, { method: 'GET', headers: { 'accept-language': 'sv' } })
  t.match(form, { status: 200, text: /Logga in/ })
  t.notMatch(form.text, /main\./, 'the page itself is not there')
  t.equal((await ask(`${server.admin}/api/flows`, { method: 'GET' })).status, 401)
  t.equal((await log('token=wrong')).status, 401)
  t.equal((await log(`token=${encodeURIComponent(token)}`, { origin: 'http://evil.example' })).status, 403)
  const good = await log(`token=${encodeURIComponent(token)}`, { 'x-forwarded-proto': 'https' })
  t.match(good, { status: 303, headers: { location: '/', 'set-cookie': /^tonval_session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure$/ } })
  const cookie = String(good.headers['set-cookie']).split(';')[0] as string
  t.equal((await ask(`${server.admin}/api/flows`, { method: 'GET', headers: { cookie } })).status, 200)
  t.equal((await ask(`${server.admin}/api/reload`, { headers: { cookie } })).status, 200)
  await until('the log says who', () => server.lines.some(line => line['path'] === '/api/reload' && /^session [\w-]{6}$/.test(String(line['who'])) && line['status'] === 200))
  t.equal((await ask(`${server.admin}/api/flows`, { method: 'GET', headers: { cookie: 'tonval_session=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' } })).status, 401)
  t.equal((await ask(`${server.admin}/logout`, { headers: { cookie } })).status, 303)
  t.equal((await ask(`${server.admin}/api/flows`, { method: 'GET', headers: { cookie } })).status, 401, 'a session that was ended opens nothing')
  for (let tries = 0; tries < 10; tries++) await log('token=wrong')
  t.equal((await log(`token=${encodeURIComponent(token)}`)).status, 429, 'whoever tries too often waits, with the right one too')
  t.ok(server.lines.some(line => line['path'] === '/login' && line['who'] === 'nobody' && line['status'] === 401))
  t.ok(server.lines.some(line => line['path'] === '/logout' && /^session /.test(String(line['who']))), 'whoever ends a session is named')
  t.notOk(server.lines.some(line => JSON.stringify(line).includes(token) || JSON.stringify(line).includes(cookie.slice(16))), 'no log line holds a token')
})
