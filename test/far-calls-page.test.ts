/** A rare call behind very many others, in the console's page: it is found, and nobody is told that there is none. */
import t from 'tap'
import { PART, writeEnd, writeStep } from '../src/store/call-lines.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { noBrowser, openScreen } from './page/browser.ts'

/** More than one answer of the server looks through. */
const COUNT = 60_000
const FLOW = 'start: menu\nstates:\n  menu: { ivr: sound.wav, on: { 1: end, noinput: end, nomatch: end, failed: end } }\n'

void t.test('the oldest of very many', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'menu.yaml': FLOW }, {
    async before({ data }) {
      const store = await openSqliteStore(data)
      const now = Date.now()
      for (let first = 0; first < COUNT; first += 1000) {
        await store.writeCalls(Array.from({ length: 1000 }, (_, at) => {
          const [id, begun] = [`c${String(first + at).padStart(32, '0')}`, now - (COUNT - first - at) * 100]
          // the number of a caller is whatever the carrier was told
          const caller = first + at === 0 ? '<script>document.title = "broken"</script>' : '***0699'
          return [
            writeStep({ id, flow: 'menu', begun, caller, called: '+46846500400', direction: 'incoming', at: first + at === 0 ? 'rare' : 'menu', leads: 'caller', closed: false }, { version: 'v1', step: 1, at: begun, ms: 1, moves: ['', '', 'menu'].join(PART), met: 'ivr', last: false, heard: '', more: '' }),
            writeEnd({ id, at: begun + 1000, how: 'success', seconds: 1, answered: '', talk: 0 }),
          ].join('\n')
        }).join('\n'), now)
      }
      await store.close()
    },
  })
  t.teardown(() => screen.close())
  const { page, complaints } = await screen.open(`${screen.server.admin}/#/calls?state=rare`)
  const rows = page.locator('.call')
  await rows.first().waitFor()
  t.match(await rows.allInnerTexts(), [/<script>.*<\/script>[^]*rare/])
  t.equal(await page.locator('main script').count(), 0)
  t.equal(await page.getByRole('button', { name: 'Show earlier ones' }).count(), 0)
  await page.getByLabel('State').fill('nowhere')
  await page.getByText('No call is like that').waitFor()
  await page.getByLabel('State').fill('')
  await rows.nth(49).waitFor()
  await page.getByRole('button', { name: 'Show earlier ones' }).click()
  await rows.nth(99).waitFor()
  t.strictSame(complaints, [])
})
