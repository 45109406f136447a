/** The telephone of the console in a real browser: dial, hear, press, see where the call is, hang up, keep it. */
import { createRequire } from 'node:module'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { noBrowser, openScreen } from './page/browser.ts'
import { SOUND, until } from './serve/running.ts'

const flow = (words: string): string => `title: Bakery
start: menu
numbers: ["+46846500400", "+46846500410"]
language: en
timezone: Europe/Stockholm
schedules: { shop: { open: { mon-fri: 08:00-17:00 } } }
states:
  menu: { ivr: menu, on: { 1: open, 2: hours, noinput: bye, nomatch: bye, failed: bye } }
  open: { route: [{ when: { schedule: shop }, goto: shop }, { goto: closed }] }
  shop: { connect: "+46846500401", on: { failed: note } }
  hours: { play: hours, next: menu }
  closed: { play: closed, next: end }
  note: { record: note, next: bye }
  bye: { play: bye, next: end }
prompts:
  menu: { file: menu.wav, text: "${words}" }
  hours: { file: hours.wav, text: "We are open from eight to five." }
  closed: { file: closed.wav, text: "We are closed. <b>Goodbye</b>." }
  note: { file: note.wav, text: "Leave a message after the tone." }
  bye: { file: bye.wav, text: "Goodbye." }
`
const sound = (byte: number): Buffer => Buffer.from(SOUND).fill(byte, 60)
const FILES = { 'bakery.yaml': flow('For the shop, press 1. For our hours, press 2.'), 'menu.wav': sound(0x10), 'hours.wav': sound(0x20), 'closed.wav': sound(0x30), 'note.wav': sound(0x50), 'bye.wav': sound(0x60) }
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

void t.test('a test call', { timeout: 240_000, skip: noBrowser }, async t => {
  const screen = await openScreen(FILES)
  t.teardown(() => screen.close())
  const { page, complaints, asked } = await screen.open(`${screen.server.admin}/#/flows/bakery`)
  const side = page.locator('.side')
  const caption = side.getByRole('log', { name: 'What is heard' })
  const transcript = side.getByRole('region', { name: 'What happened' })
  const glows = (state: string) => page.locator(`.picture .glow[data-state="${state}"]`).waitFor()
  const hears = (text: string) => caption.getByText(text).waitFor()
  const button = (name: string | RegExp) => side.getByRole('button', { name, exact: true })
  const calls = join(screen.place.folder, 'bakery.calls.yaml')

  await t.test('dial, hear, press with mouse and keyboard, see where the call is', async t => {
    await page.getByRole('link', { name: 'Telephone' }).click()
    const fetched = page.waitForResponse(response => response.url().includes('/sounds/1'))
    await side.getByText('Caller, line and time').click()
    await side.getByLabel('Time').fill('2026-03-02T10:00')
    await button('Dial').click()
    await hears('For the shop, press 1.')
    t.match((await fetched).headers()['content-type'], 'audio/wav')
    await glows('menu')
    t.strictSame(await side.locator('.keypad .leads').allInnerTexts(), ['1', '2'], 'keys that lead somewhere are shown')
    await button('2').click()
    await hears('We are open from eight to five.')
    await glows('menu')
    await hears('For the shop')
    await page.keyboard.press('1')
    await glows('shop')
    await side.getByText('+46846500401 rings').first().waitFor()
    await button('Busy').click()
    await hears('Leave a message after the tone.')
    await glows('note')
    await button('Speak 15 s').click()
    await side.getByRole('heading', { name: 'The call is over' }).waitFor()
    t.match(await transcript.innerText(), /For the shop[^]*press 2[^]*menu 2 → hours[^]*We are open[^]*press 1[^]*menu 1 → open[^]*→ shop[^]*is busy[^]*Leave a message[^]*speak for 15 s[^]*15 s are recorded[^]*Goodbye/)
    t.match(await side.innerText(), 'The carrier could do all that was answered.')
    t.equal(await page.locator('.picture .glow').count(), 0)
    t.ok(await page.locator('.picture .lit').count() > 3, 'the way of the call is lit')
  })

  await t.test('requests and answers can be opened', async t => {
    const first = side.getByRole('region', { name: 'Requests and answers' }).locator('details').first()
    await first.locator('summary').click()
    t.match(await first.innerText(), /Request 1: start newincoming[^]*POST http:\/\/127\.0\.0\.1:\d+\/voice\/bakery\?\.\.\.[^]*from=\+46701740699[^]*"ivr": "http[^]*menu\.wav"/)
  })

  await t.test('it is saved as a scripted call', async t => {
    await side.getByLabel('What it shows').fill('Busy, and a message')
    await button('Save').click()
    await side.getByText('“Busy, and a message” stands in').waitFor()
    t.match(readFileSync(calls, 'utf8'), /^calls:\n {2}- name: Busy, and a message\n {4}at: 2026-03-02T10:00:?\d*\+01:00\n {4}steps:\n {6}- ivr: menu\n {6}- press: "2"\n {6}- play: hours\n {6}- ivr: menu\n {6}- press: "1"\n {6}- connect: "\+46846500401"\n {6}- line: busy\n {6}- record: note\n {6}- speak: 15\n {6}- play: bye\n {6}- end\n$/)
  })

  await t.test('in the evening, a hidden number, another line', async t => {
    await side.getByLabel('Time').fill('2026-03-02T20:00')
    await side.getByLabel('hides the number').check()
    await side.getByLabel('Line').selectOption('+46846500410')
    await button('Dial again').click()
    await glows('menu')
    // a key that is pressed before the menu is heard is lost, as with the carrier
    await hears('For the shop')
    await page.keyboard.press('1')
    await hears('We are closed. <b>Goodbye</b>.')
    await side.getByRole('heading', { name: 'The call is over' }).waitFor()
    const first = side.getByRole('region', { name: 'Requests and answers' }).locator('details').first()
    await first.locator('summary').click()
    t.match(await first.innerText(), /from=anonymous[^]*to=\+46846500410/)
  })

  await t.test('silence, hanging up, and looking elsewhere meanwhile', async () => {
    await button('Dial again').click()
    await glows('menu')
    await page.getByRole('link', { name: 'About', exact: true }).click()
    await side.getByText('Went live').waitFor()
    await page.getByRole('link', { name: 'Telephone' }).click()
    await glows('menu')
    await button('Hang up').click()
    await side.getByText('The caller hung up.').waitFor()
    await button('Dial again').click()
    await glows('menu')
    await button('Stay silent').click()
    await transcript.getByText('Goodbye.').waitFor()
    await side.getByRole('heading', { name: 'The call is over' }).waitFor()
  })

  await t.test('a call begun before an edit keeps the old menu, one begun afterwards hears the new', async t => {
    await button('Dial again').click()
    await hears('For the shop, press 1.')
    const other = await screen.open(`${screen.server.admin}/#/flows/bakery/telephone`)
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), flow('For the shop, dial one. For our hours, dial two.'))
    await side.getByText('This call goes on with version').waitFor()
    const second = other.page.locator('.side')
    await second.getByRole('button', { name: 'Dial', exact: true }).click()
    await second.getByRole('log').getByText('For the shop, dial one.').waitFor()
    await button('2').click()
    await hears('We are open')
    await hears('For the shop, press 1.')
    await button('Hang up').click()
    await side.getByRole('heading', { name: 'The call is over' }).waitFor()
    t.strictSame(other.complaints, [])
    await other.context.close()
  })

  await t.test('a call that the flow no longer knows is not saved', async t => {
    const before = readFileSync(calls, 'utf8')
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), flow('Anew').replace('2: hours', '2: bye').replace(/ {2}hours: \{ play.*\n| {2}hours: \{ file.*\n/g, ''))
    writeFileSync(calls, before.replace(/ {6}- press: "2"\n {6}- play: hours\n {6}- ivr: menu\n/, ''))
    const changed = readFileSync(calls, 'utf8')
    await until('the edit is live', async () => (await (await fetch(`${screen.server.admin}/api/flows/bakery`)).text()).includes('Anew'))
    await side.getByLabel('What it shows').fill('Of before')
    await button('Save').click()
    await side.getByText('It was not saved.').waitFor()
    await side.getByText('call-fails').or(side.getByText('unknown-prompt')).first().waitFor()
    t.equal(readFileSync(calls, 'utf8'), changed, 'nothing is written')
    t.ok(existsSync(calls))
  })

  t.strictSame(complaints.filter(one => !one.includes('422')), [], 'nothing was blocked, and no script failed')
  t.strictSame(asked.filter(address => !address.startsWith(screen.server.admin) && !address.startsWith('data:')), [], 'no other host was asked')
})

void t.test('on a small screen, in the dark, in Swedish, without sound, for everybody', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen(FILES)
  t.teardown(() => screen.close())
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 375]) {
      const { page, complaints, asked } = await screen.open(undefined, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true, locale: 'sv-SE' })
      await page.evaluate("localStorage.setItem('tonval telephone muted', 'yes')")
      await page.goto(`${screen.server.admin}/#/flows/bakery/telephone`)
      await page.reload()
      const side = page.locator('.side')
      const look = async (what: string): Promise<void> => {
        const { violations } = await page.evaluate<{ violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[] }>('axe.run()')
        const serious = violations.filter(one => one.impact === 'serious' || one.impact === 'critical')
        t.strictSame(serious.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`), [], `${what}, ${colorScheme}, ${width}`)
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${what} at ${width}: nothing is cut`)
      }
      await page.addScriptTag({ path: AXE })
      await side.getByRole('button', { name: /^(Dial|Ring)$/ }).waitFor()
      await page.locator('.picture [data-state=menu]').waitFor()
      await look('before')
      await side.getByRole('button', { name: /^(Dial|Ring)$/ }).click()
      await page.locator('.picture .glow[data-state=menu]').waitFor()
      await side.getByRole('button', { name: '1', exact: true }).waitFor()
      const box = await side.getByRole('button', { name: '1', exact: true }).boundingBox()
      t.ok(box !== null && box.width >= 44 && box.height >= 44, 'a finger finds the key')
      await look('during')
      await side.getByRole('button', { name: /^(Hang up|Lägg på)$/ }).click()
      await side.getByRole('button', { name: /^(Dial again|Ring igen)$/ }).waitFor()
      await look('after')
      t.notOk(asked.some(address => address.includes('/sounds/')), 'nothing is played')
      t.strictSame(complaints, [])
    }
  }
})
