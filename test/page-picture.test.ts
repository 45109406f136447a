/** The picture of a flow in the page: what is wrong shows where it is, it is readable on every screen, and it moves under a finger. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { problemsByState } from '../src/console/page/state-problems.ts'
import { noBrowser, openScreen } from './page/browser.ts'
import { behind } from './page/editor.ts'
import { SOUND } from './serve/running.ts'

const MENU = `start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: bread.wav, on: { 1: shop, 2: hours, 3: sales, noinput: shop, nomatch: shop } }
  shop: { connect: "+46846500401", on: { failed: bye } }
  hours: { play: { say: "You call from {{caller}}." }, next: bye }
  sales: { connect: "+46846500402", on: { failed: bye } }
  bye: { play: bread.wav, next: end }
`
const BROKEN = MENU.replace('2: hours', '2: huors').replace('next: bye', 'next: by')
const WIDE = 'start: m\nstates:\n' + `  m: { ivr: bread.wav, on: { ${[1, 2, 3, 4, 5, 6].map(key => `${key}: part${key}`).join(', ')}, noinput: bye, nomatch: bye } }\n` + [1, 2, 3, 4, 5, 6].map(key => `  part${key}: { connect: "+4684650041${key}", on: { failed: bye } }\n`).join('') + '  bye: { play: bread.wav, next: end }\n'

/** Pixels of a card as it is seen, and how large its letters are. */
async function seen(page: Page, state: string) {
  const box = await page.locator(`.picture [data-state=${state}] .card`).boundingBox()
  const scale = Number(/scale\(([\d.]+)\)/.exec(await page.locator('.picture > g').getAttribute('transform') ?? '')?.[1])
  return { x: 0, y: 0, width: 0, height: 0, ...box, scale }
}

void t.test('what is wrong shows at its state', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'bakery.yaml': MENU, 'bread.wav': SOUND })
  t.teardown(() => screen.close())
  const { page, complaints } = await screen.open(`${screen.server.admin}/#/flows/bakery`)
  const node = (state: string) => page.locator(`.picture [data-state=${state}]`)
  await node('menu').waitFor()
  t.equal(await page.locator('.mark').count(), 0)
  writeFileSync(join(screen.place.folder, 'bakery.yaml'), BROKEN)
  await node('menu').locator('.mark.error', { hasText: '1 error' }).waitFor()
  await node('hours').locator('.mark.error').waitFor()
  t.equal(await page.locator('.mark').count(), 2, 'and nowhere else')
  t.match(await node('menu').getAttribute('aria-label'), /^menu bread\.wav \(asks for keys\), 1 error: menu leads to a state that does not exist$/)
  t.match(await node('menu').locator('title').textContent(), /^menu\nmenu leads to a state that does not exist$/)
  await page.getByRole('button', { name: 'Show hours in the picture' }).click()
  await page.locator('.side').getByRole('heading', { name: 'hours' }).waitFor()
  t.match(await page.locator('.picture .selected').getAttribute('data-state'), 'hours')
  t.match(await page.locator('.side .problem.error').innerText(), /line 6[^]*hours leads to a state that does not exist/, 'and the state tells of it')
  await node('shop').click()
  await page.locator('.side').getByRole('heading', { name: 'shop' }).waitFor()
  t.equal(await page.locator('.side .problem').count(), 0)
  writeFileSync(join(screen.place.folder, 'bakery.yaml'), MENU)
  await page.locator('.mark').first().waitFor({ state: 'detached' })
  t.equal(await node('menu').getAttribute('aria-label'), 'menu bread.wav (asks for keys)')

  await t.test('while it is written, too', async () => {
    await page.goto(`${screen.server.admin}/#/flows/bakery/edit`)
    await page.locator('.cm-line', { hasText: 'start: menu' }).waitFor()
    await behind(page, '  bye: { play: bread.wav, next: end }')
    await page.keyboard.press('Enter')
    await page.keyboard.type('extra: { play: { say: "Hello." }, next: bye }')
    await node('extra').locator('.mark.warning', { hasText: '1 warning' }).waitFor()
    await page.getByRole('link', { name: 'Telephone' }).click()
    await page.getByText('What you have written is not saved: this dials what is live').waitFor()
    await page.locator('.side').getByRole('link', { name: 'To the text' }).click()
    await page.locator('.cm-line', { hasText: 'extra:' }).waitFor()
  })

  await t.test('what only a call makes leads to the telephone', async () => {
    await page.goto(`${screen.server.admin}/#/flows/bakery/state?state=hours`)
    await page.locator('.side').getByRole('link', { name: 'dial to hear it' }).click()
    await page.getByRole('button', { name: 'Dial' }).waitFor()
  })
  t.strictSame(complaints, [])
})

void t.test('on every screen', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'wide.yaml': WIDE, 'bread.wav': SOUND })
  t.teardown(() => screen.close())
  const address = `${screen.server.admin}/#/flows/wide`

  await t.test('a telephone shows where calls begin, large enough to read, and a finger moves it', async t => {
    const { page, context } = await screen.open(address, { viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true })
    await page.locator('.picture [data-state=m]').waitFor()
    const first = await seen(page, 'm')
    t.ok(first.scale >= 0.66, `letters of ${13 * first.scale} pixels`)
    t.ok(first.x >= 0 && first.x + first.width <= 375, 'all of the first state is there')
    const tools = await page.locator('.picture-tools').boundingBox()
    t.ok(tools !== null && tools.y + tools.height <= first.y, 'and nothing lies on it')
    const cdp = await context.newCDPSession(page)
    const touch = (type: string, x: number, y: number) => cdp.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    await touch('touchStart', 300, 400)
    for (const x of [280, 240, 200]) await touch('touchMove', x, 380)
    await touch('touchEnd', 0, 0)
    const moved = await seen(page, 'm')
    t.ok(Math.abs(moved.x - first.x + 100) < 2 && Math.abs(moved.y - first.y + 20) < 2, `moved by ${moved.x - first.x}, ${moved.y - first.y}`)
    t.equal(moved.scale, first.scale)
    await context.close()
  })

  await t.test('names of tabs stand in one line, in every language', async t => {
    for (const [locale, width] of [['en-GB', 1280], ['sv-SE', 1280], ['en-GB', 375], ['sv-SE', 375]] as const) {
      const { page, context } = await screen.open(address, { viewport: { width, height: 720 }, locale })
      await page.locator('.tabs a').first().waitFor()
      const tops = await page.locator('.tabs a').evaluateAll(links => links.map(link => (link as unknown as { offsetTop: number }).offsetTop))
      t.equal(new Set(tops).size, 1, `${locale}, ${width}`)
      if (width === 1280) t.ok(await page.evaluate(`(tabs => tabs.scrollWidth <= tabs.clientWidth)(document.querySelector('.tabs'))`), `${locale}: all of them are seen`)
      await page.locator('.tabs a').last().click()
      const last = await page.locator('.tabs a').last().boundingBox()
      t.ok(last !== null && last.x + last.width <= width + 1, `${locale}, ${width}: the one that was chosen is seen`)
      await context.close()
    }
  })

  await t.test('a picture that nobody has moved fits whatever room it has', async t => {
    const { page, context } = await screen.open(address, { viewport: { width: 1800, height: 900 } })
    await page.locator('.picture [data-state=m]').waitFor()
    const inside = async (): Promise<boolean> => page.evaluate(`(() => { const room = document.querySelector('.picture-host').getBoundingClientRect(); return [...document.querySelectorAll('.picture [data-state]')].every(node => { const box = node.getBoundingClientRect(); return box.left >= room.left && box.right <= room.right }) })()`)
    t.ok(await inside())
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.locator('.flow-body.wide').waitFor()
    await page.waitForFunction(`document.querySelector('.picture-host').clientWidth < 1000`)
    await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
    t.ok(await inside(), 'beside an editor')
    await context.close()
  })
})

void t.test('a flow of 3,000 states leaves the page awake', { timeout: 240_000, skip: noBrowser }, async t => {
  const states = Array.from({ length: 3000 }, (_, at) => `  s${at}: { ivr: bread.wav, on: { 1: ${at * 2 + 1 < 3000 ? `s${at * 2 + 1}` : 'bye'}, 2: ${at * 2 + 2 < 3000 ? `s${at * 2 + 2}` : 'bye'}, noinput: bye, nomatch: bye } }`)
  const screen = await openScreen({ 'large.yaml': `start: s0\nstates:\n${states.join('\n')}\n  bye: { play: bread.wav, next: end }\n`, 'bread.wav': SOUND })
  t.teardown(() => screen.close())
  const { page, complaints } = await screen.open()
  await page.locator('.flow-row').waitFor()
  // how far it is, in each frame in which that was shown
  await page.evaluate(`window.shares = []; (function frame() { const bar = document.querySelector('.picture-share progress'); if (bar !== null) shares.push(bar.value); requestAnimationFrame(frame) })()`)
  await page.locator('.flow-link').click()
  await page.locator('.picture [data-state=s0]:not(.away)').waitFor()
  t.equal(await page.locator('.picture [data-state]').count(), 3001)
  t.equal(await page.locator('.picture-share').count(), 0)
  const shares = new Set(await page.evaluate<number[]>('shares'))
  t.ok(shares.size >= 3, `the page went on while it was taken apart: ${shares.size} looks at how far it was`)
  const away = await page.locator('.picture [data-state].away').count()
  t.ok(away > 1500 && away < 3000, `${away} are not laid out, as nobody sees them`)
  t.ok(await page.locator('.picture [data-state=s2999].away').count() === 1)
  await page.keyboard.press('/')
  await page.keyboard.type('s2999')
  await page.keyboard.press('Enter')
  await page.locator('.picture [data-state=s2999]:not(.away)').waitFor()
  t.ok(await page.locator('.picture [data-state=s2999]').isVisible(), 'what is looked for is there')
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.locator('.picture.far').waitFor()
  t.equal(await page.locator('.picture [data-state].away').count(), 0, 'from afar, all of them are')
  t.strictSame(complaints, [])
})

void t.test('problems by state', async t => {
  const range = (line: number) => ({ start: { line, column: 1, offset: line }, end: { line, column: 2, offset: line + 1 } })
  const problem = (severity: 'error' | 'warning', file: string, line: number) => ({ code: `${severity}-${line}`, severity, message: '', file, range: range(line), related: [] })
  const found = problemsByState([problem('warning', 'flows/bakery.yaml', 5), problem('error', 'flows/bakery.yaml', 5), problem('error', 'flows/bakery.yaml', 1), problem('error', 'flows/bakery.calls.yaml', 5), problem('error', 'flows/other.yaml', 4)], 'bakery', MENU)
  t.strictSame([...found].map(([state, list]) => [state, list.map(one => one.code)]), [['shop', ['error-5', 'warning-5']]], 'those of its own states, the worst first')
})
