/** Calls in the console's page, in a real browser: seen as they happen, opened as traces on the picture of their version, and counted. */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { noBrowser, openScreen } from './page/browser.ts'
import { ask, CALLID, FIRST, SOUND } from './serve/running.ts'

const BAKERY = `start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: bread, on: { 1: shop, 2: hours, noinput: shop, nomatch: shop } }
  shop: { connect: "+46846500401", on: { failed: bye } }
  hours: { play: hours.wav, next: bye }
  bye: { play: bye.wav, next: end }
prompts:
  bread: { file: bread.wav, text: "For bread, press 1. <script>document.title = 'broken'</script>" }
`
const sound = (byte: number): Buffer => Buffer.from(SOUND).fill(byte, 60)
const FILES = { 'bakery.yaml': BAKERY, 'bread.wav': sound(0x10), 'bye.wav': sound(0x20), 'hours.wav': sound(0x30) }
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

void t.test('calls', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen(FILES)
  t.teardown(() => screen.close())
  const { page, complaints } = await screen.open(`${screen.server.admin}/#/calls`)
  const rows = page.locator('.call')
  const first = FIRST.replace(/created=[^&]*/, `created=${new Date().toISOString().replace('Z', '000')}`)
  const press = (next: unknown, digit: string) => ask(String(next), { body: first.replace('newincoming', digit) })
  const menuAsked = await (async () => {
    await page.getByText('No calls on record').waitFor()
    const answer = await screen.server.call('bakery', first)
    await rows.first().waitFor()
    return answer
  })()

  await t.test('a call is seen as it happens, its number masked', async t => {
    const row = await rows.first().innerText()
    t.match(row, /\*\*\*0699[^]*\+46846500400[^]*bakery[^]*menu[^]*in progress/)
    t.notMatch(row, '46701740699')
  })

  await t.test('it opens as a trace, and goes on there', async t => {
    await rows.first().getByRole('link').click()
    await page.locator('.picture [data-state=menu].glow').waitFor()
    const trace = page.locator('.trace')
    t.match(await trace.innerText(), /The call begins[^]*menu[^]*“For bread, press 1\. <script>[^]*The call goes on/)
    t.equal(await page.locator('main script').count(), 0)
    const played = await press(menuAsked.json['next'], '2')
    await page.locator('.picture [data-state=bye].glow').waitFor()
    t.match(await trace.innerText(), /menu\s*pressed 2\s*bye\s*by way of hours\s*hours\.wav\s*bye\.wav[^]*The call goes on/)
    t.equal(await page.locator('.picture [data-state=hours].lit').count(), 1)
    t.ok(await page.locator('.picture .edge.lit').count() > 0, 'the way lights up')
    const heard = page.waitForResponse(response => response.url().includes('/sound/'))
    await trace.getByRole('button', { name: 'Play hours.wav' }).click()
    t.ok([200, 206].includes((await heard).status()))
    await ask(String(played.json['whenhangup']), { body: `callid=${CALLID}&state=success&duration=21` })
    await trace.getByText(/The call is over after 21 s/).waitFor()
  })

  await t.test('on the picture of the version that it was on', async t => {
    const address = page.url()
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), BAKERY.replace('2: hours', '2: opening').replace('  hours:', '  opening:'))
    await page.getByText(/^Version [0-9a-f]{7}/).waitFor()
    t.equal(page.url(), address)
    t.equal(await page.locator('.picture [data-state=hours].lit').count(), 1)
    t.equal(await page.locator('.picture [data-state=opening]').count(), 0)
  })

  await t.test('calls are found by flow, state and end', async t => {
    await screen.server.call('bakery', first.replace(CALLID, `c${'fedcba9876543210'.repeat(2)}`))
    await page.goto(`${screen.server.admin}/#/calls`)
    await rows.nth(1).waitFor()
    await page.getByLabel('Only calls in progress').check()
    await page.locator('.sum', { hasText: '1 call' }).waitFor()
    t.match(await rows.innerText(), /menu[^]*in progress/)
    await page.getByLabel('Only calls in progress').uncheck()
    await page.getByLabel('State').fill('nowhere')
    await page.getByText('No call is like that').waitFor()
    await page.getByLabel('State').fill('')
    await page.getByLabel(/^End/).selectOption('end')
    await page.locator('.sum', { hasText: /^1 call$/ }).waitFor()
    t.match(page.url(), 'end=end')
  })

  await t.test('the numbers of the day stand beside the picture, and on it', async t => {
    await page.goto(`${screen.server.admin}/#/flows/bakery/numbers`)
    await page.locator('.figure', { hasText: '2 calls' }).waitFor()
    t.match(await page.locator('.side-body').innerText(), /1 in progress[^]*Calls by the hour[^]*How they ended[^]*end of the flow\s*1[^]*nobody answered[^]*menu\s*2/)
    await page.getByLabel('Day').fill('2020-02-02')
    await page.getByText('Nobody called on this day').waitFor()
  })

  await t.test('nothing serious is found by axe, and nothing is cut', async t => {
    for (const [colorScheme, width] of [['light', 1280], ['dark', 375]] as const) {
      const { page, context } = await screen.open(`${screen.server.admin}/#/calls`, { bypassCSP: true, colorScheme, viewport: { width, height: 800 } })
      await page.addScriptTag({ path: AXE })
      for (const [path, shown] of [['calls', '.call'], ['flows/bakery/calls', '.side .call'], [`flows/bakery/calls?call=${CALLID}`, '.trace-end'], ['flows/bakery/numbers', '.menus']] as const) {
        await page.evaluate(`location.hash = '#/${path}'`)
        await page.locator(shown).first().waitFor()
        const { violations } = await page.evaluate<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>('axe.run()')
        t.strictSame(violations.filter(one => one.impact === 'serious' || one.impact === 'critical').map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`), [], `${path}, ${colorScheme}`)
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} at ${width}`)
      }
      await context.close()
    }
  })
  t.strictSame(complaints, [])
})
