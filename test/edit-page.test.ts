/** A flow edited in the console's page, in a real browser: what is typed, saved, refused, in somebody's way, and put back. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { breakOf, offsetOf, positionAt, positionOf } from '../src/console/page/edit/places.ts'
import { lineOfState, stateAt } from '../src/console/page/edit/state-lines.ts'
import { noBrowser, openScreen } from './page/browser.ts'
import { behind, textOf } from './page/editor.ts'
import type { Screen } from './page/browser.ts'
import { ask, FIRST, SOUND, until } from './serve/running.ts'

const MENU = `# the menu of the bakery
start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: bread.wav, on: { 1: shop, 2: hours, noinput: shop, nomatch: shop } }
  shop: { connect: "+46846500401", on: { failed: bye } }   # two salespeople
  hours: { play: hours.wav, next: bye }
  bye: { play: bye.wav, next: end }
`
const sound = (byte: number): Buffer => Buffer.from(SOUND).fill(byte, 60)
const FILES = { 'bakery.yaml': MENU, 'bread.wav': sound(0x10), 'bye.wav': sound(0x20), 'hours.wav': sound(0x30), 'new.wav': sound(0x50) }
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const OTHER_CALL = FIRST.replace('c0123456789abcdef', 'cfedcba9876543210')

const file = (screen: Screen): string => readFileSync(join(screen.place.folder, 'bakery.yaml'), 'utf8')
const problems = (page: Page) => page.locator('.edit-problem')
const saved = (page: Page) => page.locator('.edit-state')

void t.test('a flow is edited', { timeout: 240_000, skip: noBrowser }, async t => {
  const screen = await openScreen(FILES)
  t.teardown(() => screen.close())
  const { page, complaints, asked } = await screen.open()
  await page.locator('.flow-link').click()
  await page.locator('.picture [data-state=menu]').waitFor()
  t.notOk(asked.some(address => address.includes('code-editor')), 'what only an editor needs is not loaded with the page')
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.locator('.cm-line', { hasText: 'the menu of the bakery' }).waitFor()
  await page.locator('.edit-told', { hasText: /no problems|\d problems?/ }).waitFor()

  await t.test('a mistake is told under its line, and mended by a click', async t => {
    await behind(page, '1: shop')
    await page.keyboard.type('p')
    await page.locator('.cm-lintRange-error', { hasText: 'shopp' }).waitFor()
    await problems(page).filter({ hasText: 'shopp' }).waitFor()
    t.match(await problems(page).filter({ hasText: 'shopp' }).innerText(), /5[^]*a state that does not exist[^]*did you mean shop\?/)
    await page.keyboard.press('Escape')
    await page.locator('.cm-lintRange-error').hover()
    await page.locator('.cm-tooltip .cm-diagnostic', { hasText: 'does not exist' }).waitFor()
    await page.mouse.move(5, 5)
    await problems(page).getByRole('button', { name: 'Change shopp to shop' }).click()
    await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' })
    t.equal(await textOf(page), MENU)
    t.match(await saved(page).innerText(), 'As in the file')
  })

  await t.test('states are offered where a state can stand', async t => {
    await behind(page, '2: hours')
    for (let letter = 0; letter < 5; letter++) await page.keyboard.press('Backspace')
    await page.keyboard.press('Control+Space')
    const offers = page.locator('.cm-tooltip-autocomplete li')
    await offers.filter({ hasText: 'shop' }).waitFor()
    const offered = await offers.allInnerTexts()
    t.strictSame(['menu', 'shop', 'hours', 'bye'].filter(name => !offered.some(offer => offer.startsWith(name))), [])
    await page.keyboard.type('by')
    await offers.filter({ hasText: 'bye' }).first().waitFor()
    await page.keyboard.press('Enter')
    t.match(await textOf(page), '2: bye, noinput')
  })

  await t.test('the picture follows what is typed', async t => {
    await behind(page, 'next: end }')
    await page.keyboard.press('Enter')
    await page.keyboard.type('extra: { play: new.wav, next: bye }')
    await page.locator('.picture [data-state=extra]').waitFor()
    t.match(await page.locator('.edit-told').innerText(), /in menu, key 2 now goes to bye, before: hours/)
    t.match(await problems(page).filter({ hasText: 'extra' }).innerText(), /no call can come to extra/)
    await page.getByRole('link', { name: 'About' }).click()
    await page.locator('.picture [data-state=extra]').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.locator('.picture [data-state=extra]').waitFor()
    t.match(await textOf(page), 'extra: { play: new.wav', 'what was written is still there')
    await page.keyboard.press('Escape')
  })

  await t.test('what is refused is told under its line, and nothing is written', async t => {
    await behind(page, 'bye.wav, next: ')
    await page.keyboard.press('Escape')
    await page.keyboard.type('n')
    await page.locator('.cm-lintRange-error').first().waitFor()
    await page.keyboard.press('Control+s')
    await saved(page).filter({ hasText: 'Refused: nothing was written.' }).waitFor()
    t.match(await problems(page).first().innerText(), /8[^]*bye leads to a state that does not exist/)
    t.equal(file(screen), MENU)
    // the cursor was put before the mistake
    await page.keyboard.press('Delete')
    await page.locator('.cm-lintRange-error').first().waitFor({ state: 'detached' })
  })

  await t.test('saved, it is live and heard by calls that begin afterwards', async t => {
    const before = await screen.server.call('bakery')
    await behind(page, '{ ivr: ')
    for (let letter = 0; letter < 5; letter++) await page.keyboard.press('Delete')
    await page.keyboard.press('Escape')
    await page.keyboard.type('new')
    await page.keyboard.press('Escape')
    await page.mouse.move(5, 5)
    await page.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    t.match(await dialog.innerText(), /key 2 now goes to bye, before: hours[^]*/)
    t.equal(file(screen), MENU, 'not yet')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await saved(page).filter({ hasText: /Live as version [0-9a-f]{7}/ }).waitFor()
    t.match(file(screen), /^# the menu of the bakery\nstart: menu\n[^]*ivr: new\.wav, on: { 1: shop, 2: bye,[^]*# two salespeople\n[^]* {2}extra: /, 'comments and layout as they were')
    const after = await screen.server.call('bakery', OTHER_CALL)
    t.match(after.json['ivr'], /new/, 'the new menu')
    t.match(before.json['ivr'], /bread/)
    t.match((await ask(String(before.json['next']), { body: FIRST.replace('newincoming', '2') })).json['play'], /hours/, 'a call begun before still has the old one')
    t.match((await ask(String(after.json['next']), { body: OTHER_CALL.replace('newincoming', '2') })).json['play'], /bye/)
  })

  await t.test('a change made on the disk is shown, and not overwritten', async t => {
    await behind(page, '# two salespeople')
    await page.keyboard.type(' and me')
    const theirs = file(screen).replace('# two salespeople', '# three salespeople')
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), theirs)
    const alert = page.locator('.edit-theirs')
    await alert.waitFor()
    t.match(await alert.innerText(), /changed on the disk[^]*three salespeople[^]*two salespeople and me/)
    t.ok(await page.getByRole('button', { name: 'Save' }).isDisabled())
    t.equal(file(screen), theirs)
    await alert.getByRole('button', { name: 'Keep my text' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await until('mine is in the file', () => file(screen).includes('two salespeople and me'))
    await saved(page).filter({ hasText: 'Live as version' }).waitFor()

    await behind(page, '# the menu of the bakery')
    await page.keyboard.type('!')
    writeFileSync(join(screen.place.folder, 'bakery.yaml'), theirs)
    await alert.getByRole('button', { name: 'Take the file' }).click()
    await page.locator('.cm-line', { hasText: 'three salespeople' }).waitFor()
    t.equal(await textOf(page), theirs)
    t.match(await saved(page).innerText(), 'As in the file')
  })

  await t.test('versions are compared, and one is put back', async t => {
    await page.getByRole('link', { name: 'History' }).click()
    const versions = page.locator('.version')
    await until('all are there', async () => await versions.count() >= 3)
    const oldest = versions.last()
    await oldest.getByRole('button').first().click()
    await oldest.getByText('This is the oldest version').waitFor()
    await oldest.getByRole('button', { name: 'From this version to the live one' }).click()
    await oldest.locator('ins', { hasText: 'three salespeople' }).waitFor()
    t.match(await oldest.innerText(), /key 2 now goes to bye, before: hours/)
    await oldest.getByRole('button', { name: 'Show its picture' }).click()
    await page.locator('.picture [data-state=extra]').waitFor({ state: 'detached' })
    await oldest.getByRole('button', { name: 'Put this version back' }).click()
    const dialog = page.getByRole('dialog')
    t.match(await dialog.innerText(), /Put version [0-9a-f]{7} back\?/)
    await dialog.getByRole('button', { name: 'Put this version back' }).click()
    await page.getByText(/Version [0-9a-f]{7} is live again/).waitFor()
    t.equal(file(screen), MENU)
  })

  await t.test('a new flow begins as one that can be called', async t => {
    await page.goto(`${screen.server.admin}/#/new`)
    await page.getByLabel('Name').fill('bakery')
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.getByText('There is a flow bakery already.').waitFor()
    await page.getByLabel('Name').fill('hello')
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.locator('.picture [data-state=desk]').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/#\/flows\/hello\/edit/)
    t.match(await ask(`${screen.server.admin}/api/flows/hello`, { method: 'GET' }), { json: { state: 'live', refused: null, states: 3 } })
  })

  await t.test('whoever is not at a mouse, or not in English, edits too', async t => {
    await page.goto(`${screen.server.admin}/#/flows/bakery/edit`)
    await page.locator('.cm-content').focus()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    t.notOk(await page.evaluate("document.activeElement.classList.contains('cm-content')"), 'Escape and Tab lead out')
    await page.locator('summary').first().click()
    await page.getByLabel('Svenska').check()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Spara' }).waitFor()
  })

  await t.test('nothing serious is found by axe, and nothing is cut', async t => {
    for (const [colorScheme, width] of [['light', 1280], ['dark', 390]] as const) {
      const { page, context } = await screen.open(`${screen.server.admin}/#/flows/bakery/edit`, { bypassCSP: true, colorScheme, viewport: { width, height: 800 } })
      await page.locator('.picture [data-state=menu]').waitFor()
      await behind(page, '1: shop')
      await page.keyboard.type('p')
      await page.locator('.cm-lintRange-error').waitFor()
      await page.addScriptTag({ path: AXE })
      for (const path of ['flows/bakery/edit', 'flows/bakery/history', 'new']) {
        await page.evaluate(`location.hash = '#/${path}'`)
        await page.locator(path === 'new' ? '#new-name' : path.endsWith('edit') ? '.cm-lintRange-error' : '.version').first().waitFor()
        const { violations } = await page.evaluate<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>('axe.run()')
        t.strictSame(violations.filter(one => one.impact === 'serious' || one.impact === 'critical').map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`), [], `${path}, ${colorScheme}`)
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} at ${width}`)
      }
      await context.close()
    }
  })

  t.strictSame(complaints.filter(one => !/status of 4(09|22) /.test(one)), [], 'a browser tells of what was refused, and of questions that newer ones overtook')
  t.ok(asked.every(address => address.startsWith(screen.server.admin)), 'nothing is asked of anybody else')
})

void t.test('places are the same for the editor and the server', async t => {
  const { Text } = await import('@codemirror/state')
  const text = 'a: 1\r\nbé: 2\r\n\r\nc'
  t.equal(breakOf(text), '\r\n')
  t.equal(breakOf('a\nb\r\n'), '\n', 'a text with both is left as it is')
  t.equal(breakOf('a'), '\n')
  const doc = Text.of(text.split('\r\n'))
  for (let at = 0; at <= doc.length; at++) {
    t.equal(positionAt(doc, offsetOf(doc, at, '\r\n'), '\r\n'), at)
    t.equal(text[offsetOf(doc, at, '\r\n')], doc.sliceString(at, at + 1) === '\n' ? '\r' : doc.sliceString(at, at + 1) || undefined)
  }
  t.equal(positionOf(doc, { line: 2, column: 2 }), 6)
  t.equal(positionOf(doc, { line: 99, column: 99 }), doc.length)
  t.equal(positionOf(doc, { line: 1, column: 99 }), 4)

  t.equal(stateAt(MENU, 5), 'menu')
  t.equal(stateAt(MENU, 2), undefined)
  t.equal(lineOfState(MENU, 'hours'), 7)
  t.equal(lineOfState(MENU, 'menu.on.2'), 5)
  const long = 'start: a\nstates:\n\n  # the first\n  "a":\n    play: x.wav\n    next: b\n  b:\n    hangup:\nprompts:\n  a: {}\n'
  t.strictSame([3, 4, 5, 6, 7, 8, 9, 10, 11].map(line => stateAt(long, line)), [undefined, undefined, 'a', 'a', 'a', 'b', 'b', undefined, undefined])
  t.equal(lineOfState(long, 'nobody'), undefined)
})
