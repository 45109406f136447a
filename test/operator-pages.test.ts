/** The outbox, recordings, switches and problems in the console's page, in a real browser, with something in them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { itemId } from '../src/outbox/incoming.ts'
import type { Item } from '../src/run/effect.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import type { Settled } from '../src/store/store.ts'
import { noBrowser, openScreen } from './page/browser.ts'
import { email, HOUR, sms } from './outbox/house.ts'
import type { Place } from './serve/process.ts'
import { ask, CALLID, SOUND } from './serve/running.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const LONG = 'the.very.long.name.of.somebody@customer-service.department.example.se'
const SHOP = `start: storm
numbers: ["+46846500400"]
switches:
  storm: { label: Storm warning, default: off, turns_off_after: 240 }
  duty: { label: Who is on duty, choices: [anna, bo, nobody], default: nobody }
states:
  storm: { route: [ { when: { switch: storm }, goto: talk }, { when: { switch: duty, is: anna }, goto: talk }, { goto: sorry } ] }
  talk: { connect: "+46846500401", on: { failed: sorry } }
  sorry: { play: sound.wav, next: end }
`
/** A flow with which nothing is wrong, but for a state without a way to it. */
const REMARKED = 'start: a\nstates:\n  a: { play: sound.wav, next: end }\n  b: { play: sound.wav, next: end }\n'
const BROKEN = 'start: a\nnumbers: ["+46846500499"]\nstates:\n  a: { play: nosuch.wav, next: bye }\n'

/** What a server of yesterday left behind. */
async function fill({ data }: Place): Promise<void> {
  mkdirSync(join(data, 'recordings'), { recursive: true })
  const store = await openSqliteStore(data)
  const now = Date.now()
  const put = async (item: Item, receiver: string, end: Settled): Promise<void> => {
    const id = itemId(item.key)
    await store.put([{ id, item, receiver, caller: '+46701740699', next: now, deadline: now + 24 * HOUR }], now - HOUR)
    await store.claim('yesterday', now, now + HOUR, 50)
    await store.settle(id, 'yesterday', end, now)
  }
  await put(sms('failed'), '+46701740601', { is: 'failed', why: 'the carrier answered 403' })
  await put(email('waiting', { to: LONG }), LONG, { is: 'waiting', next: now + 3 * HOUR, why: 'the mail server does not answer' })
  await put(sms('doubt'), '+46701740602', { is: 'doubt', why: 'the carrier did not answer in time' })
  await put(sms('sent', { to: '+46701740603' }), '+46701740603', { is: 'sent', ref: 's1' })
  const record = async (id: string, place: string, seconds: number): Promise<string> => {
    await store.noteRecording({ id, call: CALLID, flow: 'shop', place, address: `https://api.46elks.com/${id}`, seconds, created: new Date(now).toISOString(), noticed: now - HOUR })
    return id
  }
  const here = await record('c1-r0', 'voicemail', 345)
  writeFileSync(join(data, 'recordings', `${here}.wav`), SOUND)
  await store.settleRecording(here, 'here', { bytes: SOUND.length })
  await store.settleRecording(await record('c2-r0', '', 9), 'lost', { why: 'the carrier answered 500 for two days' })
  await store.settleRecording(await record('c3-r0', 'a-state-with-a-rather-long-name.on.2', 1), 'coming', { next: now + HOUR, why: 'the carrier answered 404' })
  await store.close()
}

void t.test('what an operator looks after', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'shop.yaml': SHOP, 'a-flow-with-a-rather-long-name.yaml': BROKEN, 'a-bell.yaml': REMARKED }, { before: fill })
  t.teardown(() => screen.close())
  const { admin } = screen.server
  const { page, complaints } = await screen.open(`${admin}/#/outbox`)
  const cards = page.locator('.card-item')
  const go = async (path: string): Promise<void> => void await page.evaluate(`location.hash = '#/${path}'`)

  await t.test('the outbox', async t => {
    await cards.nth(2).waitFor()
    const texts = await cards.allInnerTexts()
    t.equal(texts.length, 3)
    const of = (word: string): string => texts.find(text => text.includes(word)) ?? ''
    t.match(of('403'), /SMS to \+46701740601[^]*failed[^]*the carrier answered 403[^]*Send again[^]*Give up/)
    t.match(of(LONG), /E-mail to [^]*waiting[^]*next try in 3 hours[^]*Try now/)
    t.match(of('in doubt'), /SMS to \+46701740602[^]*may arrive twice/)
    await page.getByLabel('Show what was sent too').check()
    await page.locator('.card-item', { hasText: '+46701740603' }).waitFor()
    t.equal(await page.locator('.card-item', { hasText: '+46701740603' }).getByRole('button').count(), 0, 'what was sent is sent')
    await page.locator('.card-item', { hasText: '403' }).getByRole('button', { name: 'Give up' }).click()
    await page.locator('.card-item', { hasText: '403' }).getByText('given up').waitFor()
    t.match((await ask(`${admin}/api/outbox`, { method: 'GET' })).json, { counts: { failed: 0, dropped: 1, doubt: 1, sent: 1 } })
  })

  await t.test('recordings', async t => {
    await go('recordings')
    await page.getByText('5 min 45 s').waitFor()
    const here = page.locator('.card-item', { hasText: 'voicemail' })
    await page.evaluate('new Promise((resolve, reject) => { const audio = document.querySelector("audio"); audio.onloadedmetadata = () => resolve(); audio.onerror = () => reject(new Error("it cannot be heard")); audio.preload = "metadata" })')
    const [download] = await Promise.all([page.waitForEvent('download'), here.getByText('Download').click()])
    t.equal(download.suggestedFilename(), 'c1-r0.wav')
    const lost = page.locator('.card-item', { hasText: 'the whole call' })
    t.match(await lost.innerText(), /lost[^]*the carrier answered 500/)
    await lost.getByRole('button', { name: 'Fetch again' }).click()
    await lost.locator('.state-badge', { hasText: 'with the carrier' }).waitFor()
  })

  await t.test('switches say for how long', async t => {
    await go('switches')
    const [storm, duty] = ['Storm warning', 'Who is on duty'].map(name => page.locator('.card-item', { hasText: name })) as [typeof cards, typeof cards]
    await storm.waitFor()
    t.match(await storm.getByLabel('For').locator('option').first().innerText(), '4 hours, as the flow says')
    t.match(await duty.getByLabel('For').locator('option').first().innerText(), 'until somebody changes it')
    await storm.getByRole('button', { name: 'on', exact: true }).click()
    await storm.getByText('goes back to off in 4 hours').waitFor()
    await duty.getByLabel('For').selectOption('30m')
    await duty.getByRole('button', { name: 'anna' }).click()
    await duty.getByText('goes back to nobody in 30 minutes').waitFor()
  })

  await t.test('wide and narrow, light and dark, in both languages: nothing is cut, and nothing serious is found', async t => {
    for (const [colorScheme, width, locale, language] of [['light', 1280, 'en-GB', 'en'], ['dark', 375, 'sv-SE', 'sv'], ['light', 375, 'en-GB', 'en'], ['dark', 1280, 'sv-SE', 'sv']] as const) {
      const { page, context } = await screen.open(`${admin}/#/problems`, { bypassCSP: true, colorScheme, locale, viewport: { width, height: 800 } })
      await page.addScriptTag({ path: AXE })
      for (const [path, shown] of [['problems', '.problem'], ['outbox', '.card-item'], ['recordings', 'audio'], ['switches', '.choice']] as const) {
        const name = `${path}, ${colorScheme}, ${width}`
        await page.evaluate(`location.hash = '#/${path}'`)
        await page.locator(shown).first().waitFor()
        const { violations } = await page.evaluate<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>('axe.run()')
        t.strictSame(violations.filter(one => one.impact === 'serious' || one.impact === 'critical').map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`), [], name)
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), name)
        t.strictSame(await page.evaluate(`[...document.querySelectorAll('main *')].filter(one => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1 && !one.matches('.unseen, option, select, input')).map(one => one.outerHTML.slice(0, 120))`), [], `${name}: every text fits`)
        t.ok(await page.evaluate('(({ left, right }) => left >= 0 && right <= innerWidth)(document.querySelector("nav [aria-current]").getBoundingClientRect())'), `${name}: where one is can be seen`)
      }
      await page.evaluate(`location.hash = '#/problems'`)
      await page.locator('.problem').first().waitFor()
      t.match(await page.locator('main h2').allInnerTexts(), ['a-flow-with-a-rather-long-name', 'a-bell'], 'what is wrong stands before what is remarked on')
      t.equal(await page.evaluate('document.documentElement.lang'), language)
      t.equal(await page.locator('.problem-message:not([lang=en])').count(), 0, 'what lint says is English')
      t.equal(await page.getByText('sägs på engelska').count(), language === 'sv' ? 1 : 0)
      await context.close()
    }
  })
  t.strictSame(complaints, [])
})
