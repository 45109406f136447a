/** How the page looks, as far as it can be measured: nothing is cut, nothing wraps that need not, what one reads is right. */
import t from 'tap'
import type { Locator, Page } from 'playwright-core'
import { noBrowser, openScreen } from './page/browser.ts'
import { ask, CALLID, FIRST, SOUND, until } from './serve/running.ts'
import type { Json } from './serve/running.ts'

const SHOP = `title: The shop by the harbour
start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: sound.wav, on: { 1: voicemail, noinput: voicemail, nomatch: voicemail } }
  voicemail: { record: leave.wav, next: thanks }
  thanks: { play: bye.wav, skippable: false, next: later }
  later: { send: note, next: end }
messages:
  note: { sms: { to: ["{{caller}}", "{{called}}"], from: Shop, text: "Thank you" } }
`
const BROKEN = 'start: a\nnumbers: ["+46846500499"]\nstates:\n  a: { play: nosuch.wav, next: end }\n'
const sound = (byte: number): Buffer => Buffer.from(SOUND).fill(byte, 60)
const FILES = { 'shop.yaml': SHOP, 'broken.yaml': BROKEN, 'leave.wav': sound(0x10), 'bye.wav': sound(0x20) }
const OTHER = `c${'fedcba9876543210'.repeat(2)}`
const PHONE = { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true }

interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

async function box(place: Locator): Promise<Box> {
  const found = await place.boundingBox()
  if (found === null) throw new Error('it is not to be seen')
  return found
}

/** The lines that a text takes. */
const lines = (place: Locator): Promise<number> => place.evaluate(node => {
  const own = node as unknown as { getBoundingClientRect(): Box }
  const { lineHeight } = (globalThis as unknown as { getComputedStyle(node: unknown): { lineHeight: string } }).getComputedStyle(node)
  return Math.round(own.getBoundingClientRect().height / parseFloat(lineHeight))
})

const style = (page: Page, selector: string, name: string): Promise<string> => page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(${JSON.stringify(name)})`)

void t.test('the looks of the page', { timeout: 240_000, skip: noBrowser }, async t => {
  const screen = await openScreen(FILES)
  t.teardown(() => screen.close())
  const { admin } = screen.server
  const created = new Date().toISOString().replace('Z', '000')
  const form = FIRST.replace(/created=[^&]*/, `created=${created}`)
  const other = form.replace(CALLID, OTHER)
  const answer = async (before: Json, result: string): Promise<Json> => {
    let { next } = before
    while (typeof next === 'object' && next !== null) next = (next as Json)['next']
    return (await ask(String(next), { body: `${other.replace('newincoming', result)}&wav=https%3A%2F%2Fapi.46elks.com%2Fa1%2Frecordings%2Fr1.wav` })).json
  }
  await screen.server.call('shop', form)
  const begun = await screen.server.call('shop', other)
  const recorded = await answer(await answer(begun.json, '1'), 'success')
  await ask(String(recorded['whenhangup']), { body: `callid=${OTHER}&state=success&duration=321` })

  await t.test('where one can go is seen, and where there is more', async t => {
    const tablet = await screen.open(`${admin}/#/`, { viewport: { width: 768, height: 900 }, locale: 'sv-SE' })
    await tablet.page.locator('.count-badge').waitFor()
    t.ok(await tablet.page.evaluate('(row => row.scrollWidth <= row.clientWidth)(document.querySelector(".frame nav ul"))'), 'all parts stand beside each other, in Swedish too')
    await tablet.context.close()
    const { page, context } = await screen.open(`${admin}/#/recordings`, PHONE)
    const row = page.locator('.frame nav ul')
    await page.locator('.count-badge').waitFor()
    await page.locator('.frame nav ul.more-before:not(.more-after)').waitFor()
    const [current, all] = [await box(page.locator('.frame nav [aria-current]')), await box(row)]
    t.ok(current.x + current.width <= all.x + all.width + 1, 'where one is stays in sight when a number comes')
    await page.locator('.brand').click()
    await page.locator('.frame nav ul.more-after:not(.more-before)').waitFor()
    t.not(await style(page, '.frame', 'position'), 'sticky', 'it leaves room on a small screen')
    await page.getByRole('link', { name: 'New flow' }).click()
    await page.getByLabel('Name').waitFor()
    t.equal(await page.locator('.frame nav [aria-current]').innerText(), 'Flows', 'a flow that is begun is one of them')
    await context.close()
  })

  await t.test('calls stand in a row or in few lines, none of them broken', async t => {
    for (const [width, locale, path, most] of [[1280, 'sv-SE', 'calls', 1], [1280, 'sv-SE', 'flows/shop/calls', 2], [768, 'sv-SE', 'calls', 2], [375, 'en-GB', 'calls', 3], [375, 'sv-SE', 'flows/shop/calls', 3]] as const) {
      const name = `${path}, ${width}, ${locale}`
      const { page, context } = await screen.open(`${admin}/#/${path}`, { viewport: { width, height: 800 }, locale })
      await page.locator('.call').nth(1).waitFor()
      for (const part of ['who', 'at', 'end', 'time']) {
        for (const one of await page.locator(`.call-${part}`).all()) t.equal(await lines(one), 1, `${name}: ${part}`)
      }
      for (const row of await page.locator('.call').all()) {
        const { height } = await box(row)
        t.ok(height <= 22 + most * 26, `${name}: ${height} pixels`)
      }
      const starts = await page.locator('.call-who').evaluateAll(all => all.map(one => (one as unknown as { getBoundingClientRect(): Box }).getBoundingClientRect().x))
      t.ok(new Set(starts.map(start => Math.round(start))).size === 1, `${name}: all begin in one column, those in progress too`)
      await context.close()
    }
    const { page, context } = await screen.open(`${admin}/#/calls`)
    await page.locator('.filters select').first().waitFor()
    t.equal(await style(page, '.filters select', 'color'), await style(page, 'body', 'color'), 'what is chosen does not look like a hint')
    await context.close()
  })

  await t.test('a thumb hits what it is meant to', async t => {
    const { page, context } = await screen.open(`${admin}/#/calls`, PHONE)
    await page.locator('.filters select').first().waitFor()
    for (const one of await page.locator('.filters :is(select, input[type=search])').all()) {
      t.ok((await box(one)).height >= 40)
      t.ok(parseFloat(await one.evaluate(node => (globalThis as unknown as { getComputedStyle(node: unknown): { fontSize: string } }).getComputedStyle(node).fontSize)) >= 16, 'a touch does not zoom in')
    }
    await context.close()
  })

  await t.test('a flow that never answered', async t => {
    const { page, context } = await screen.open(`${admin}/#/`, PHONE)
    const row = page.locator('.flow-row', { hasText: 'broken' })
    await row.waitFor()
    t.match(await row.locator('.fact-lines').innerText(), /Lines\s*–/, 'nobody knows its lines')
    await row.locator('.flow-link').click()
    await page.getByText('No picture').waitFor()
    t.ok((await box(page.locator('.side .problem').first())).y < 600, 'what is wrong with it is seen at once')
    await context.close()
  })

  await t.test('the words of a version, of a way and of a file are right', async t => {
    const { page, context, complaints } = await screen.open(`${admin}/#/flows/shop/history`)
    await page.locator('.version.live .sum').waitFor()
    t.match(await page.locator('.version.live .sum').innerText(), /^Went live .*ago/)
    t.equal(await page.locator('.flow-head .flow-name').innerText(), 'shop')
    await page.goto(`${admin}/#/flows/shop/calls?call=${OTHER}`)
    await page.locator('.trace-end').waitFor()
    t.match(await page.locator('.trace').innerText(), /voicemail\s*done\s*thanks/, 'a recording is done, and answers nobody')
    t.strictSame(complaints, [])
    await context.close()
  })

  await t.test('texts stay in their cards', async t => {
    const { page, context } = await screen.open(`${admin}/#/flows/shop`, { bypassCSP: true })
    await page.locator('.picture [data-state=later]').waitFor()
    const over = await page.evaluate<string[]>(`[...document.querySelectorAll('.picture [data-state]')].flatMap(node => {
      const edge = (node.querySelector('.stop') ?? node.querySelector('.card')).getBoundingClientRect()
      const end = node.querySelector('.stop') === null ? edge.right - 4 : edge.left
      return [...node.querySelectorAll('text')].filter(text => text.getBoundingClientRect().right > end).map(text => text.textContent)
    })`)
    t.strictSame(over, [])
    await page.goto(`${admin}/#/flows/shop/numbers`)
    await page.waitForFunction(`[...document.querySelectorAll('.picture .edge .count')].some(count => count.textContent !== '')`)
    const touch = await page.evaluate<string[]>(`[...document.querySelectorAll('.picture .edge')].flatMap(edge => {
      const count = edge.querySelector('.count')
      if (count === null || count.textContent === '') return []
      const left = count.getBoundingClientRect().left
      return [...edge.querySelectorAll('.label')].filter(label => label.getBoundingClientRect().right > left - 3).map(label => label.textContent + count.textContent)
    })`)
    t.strictSame(touch, [], 'numbers stand beside the keys')
    await context.close()
  })

  await t.test('the line that is written stays in sight, and with it what is wrong', async t => {
    const { page, context } = await screen.open(`${admin}/#/flows/shop/edit`, { viewport: { width: 1280, height: 420 } })
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('nonsense: 1')
    await page.locator('.edit-problem').first().waitFor()
    await page.locator('.cm-lintRange-error').waitFor()
    await until('all of the line is seen', async () => {
      const [line, room] = [await box(page.locator('.cm-activeLine')), await box(page.locator('.cm-scroller'))]
      return line.y + line.height <= room.y + room.height
    })
    t.equal(await page.evaluate(`(problem => { const { x, y, width, height } = problem.getBoundingClientRect(); return problem.contains(document.elementFromPoint(x + width / 2, y + height / 2)) })(document.querySelector('.cm-lintRange-error'))`), true)
    await context.close()
  })

  await t.test('the editor', async t => {
    const { page, context } = await screen.open(`${admin}/#/flows/shop/edit`)
    await page.locator('.cm-content').click()
    const ring = await page.evaluate<string[]>(`(({ left, top, borderLeftWidth, zIndex }) => [left, top, borderLeftWidth, zIndex])(getComputedStyle(document.querySelector('.cm-editor'), '::after'))`)
    t.strictSame(ring, ['0px', '0px', '2px', '400'], 'a ring around all of it, line numbers included')
    await page.keyboard.press('Control+f')
    const panel = page.locator('.cm-search')
    await panel.waitFor()
    const find = await box(panel.locator('[name=search]'))
    for (const name of ['next', 'case', 'word']) {
      const one = await box(panel.locator(`[name=${name}]`))
      t.ok(Math.abs(one.y + one.height / 2 - find.y - find.height / 2) <= 2, `${name} stands in a line with the field`)
    }
    t.ok((await box(panel.locator('[name=replace]').first())).y > find.y + find.height, 'to replace is another line')
    t.equal(await panel.locator('[name=next]').evaluate(node => (globalThis as unknown as { getComputedStyle(node: unknown): { fontSize: string } }).getComputedStyle(node).fontSize), '13px')
    await context.close()
  })
})
