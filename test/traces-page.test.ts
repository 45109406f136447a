/** Traces in the console's page, in a real browser: on the version of the call, into flows that are run, and of flows that are gone. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { noBrowser, openScreen } from './page/browser.ts'
import { ask, FIRST, until } from './serve/running.ts'
import type { Json } from './serve/running.ts'

const PIN = `start: ask
exits: [ok, wrong]
states:
  ask: { ivr: sound.wav, digits: 4, equals: "2580", sensitive: true, next: right, on: { nomatch: no, noinput: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`
const LINE = `title: The line
start: menu
states:
  menu: { ivr: sound.wav, on: { 1: door, noinput: bye, nomatch: bye, failed: bye } }
  door: { flow: pin, on: { ok: bye, wrong: menu } }
  bye: { play: sound.wav, next: end }
`

void t.test('traces', { timeout: 180_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'pin.yaml': PIN, 'line.yaml': LINE })
  t.teardown(() => screen.close())
  const { server, place } = screen
  const id = `c${'fedcba9876543210'.repeat(2)}`
  const first = FIRST.replace(/callid=\w+/, `callid=${id}`).replace(/created=[^&]*/, `created=${new Date().toISOString().replace('Z', '000')}`)
  const press = async (next: unknown, keys: string): Promise<Json> => (await ask(String(next), { body: first.replace('newincoming', keys) })).json
  const recorded = (steps: number) => until(`${steps} steps are on record`, async () => (await ask(`${server.admin}/api/calls/${id}`, { method: 'GET' })).json['steps'] === steps)
  const flow = async (name: string): Promise<Json> => (await ask(`${server.admin}/api/flows/${name}`, { method: 'GET' })).json
  const begun = await server.call('line', first)
  await recorded(1)
  const { page, complaints } = await screen.open(`${server.admin}/#/flows/line/calls?call=${id}`)
  const state = (name: string, mark = '') => page.locator(`.picture [data-state="${name}"]${mark}`)
  const version = String((await flow('line'))['live'])
  let asked: Json = {}

  await t.test('the picture goes along into a flow that is run, and back', async t => {
    await state('menu', '.glow').waitFor()
    t.match(page.url(), `version=${version}`, 'the version stands in the address')
    asked = await press(begun.json['next'], '1')
    await state('ask', '.glow').waitFor()
    await page.getByText('The flow pin, as it is run here').waitFor()
    t.match(await page.locator('.trace').innerText(), /menu\s*pressed 1\s*pin\/ask\s*in the flow pin\s*by way of door/)
    await page.getByRole('button', { name: 'Back to line' }).click()
    await state('door', '.lit').waitFor()
    await page.locator('.trace').getByRole('button', { name: 'pin/ask' }).click()
    await state('ask', '.selected.glow').waitFor()
    asked = await press(asked['next'], '2580')
    await state('bye', '.glow').waitFor()
    t.equal(await state('ask').count(), 0)
    t.match(await page.locator('.trace').innerText(), /pin\/ask\s*keys that are not shown\s*bye\s*back in line\s*by way of pin\/right, door/)
    t.equal(await state('door', '.lit').count(), 1)
    await ask(String(asked['whenhangup']), { body: `callid=${id}&state=success&duration=30` })
    await page.getByText(/The call is over/).waitFor()
    await page.locator('.trace').getByRole('button', { name: 'pin/ask' }).first().click()
    await state('ask', '.selected.lit').waitFor()
    t.equal(await state('right', '.lit').count(), 1)
  })

  await t.test('opened without a version, a call is drawn on its own', async t => {
    writeFileSync(join(place.folder, 'pin.yaml'), PIN.replaceAll('ask', 'code'))
    writeFileSync(join(place.folder, 'line.yaml'), LINE.replaceAll('menu', 'hello').replace('title: The line', 'title: Another line'))
    await until('both are live', async () => JSON.stringify((await flow('line'))['graph']).includes('"hello"'))
    await page.goto('about:blank')
    await page.goto(`${server.admin}/#/flows/line/calls?call=${id}`)
    await state('menu', '.lit').waitFor()
    await page.getByText(`Version ${version.slice(0, 7)}`).waitFor()
    t.equal(await state('hello').count(), 0)
    await page.locator('.trace').getByRole('button', { name: 'pin/ask' }).first().click()
    await state('ask', '.lit').waitFor()
    t.equal(await state('code').count(), 0, 'the flow that it ran, as it was')
    await page.getByRole('button', { name: 'Show what is live' }).click()
    await state('hello').waitFor()
  })

  await t.test('the numbers of the day count the ways in it too', async () => {
    await page.goto(`${server.admin}/#/flows/line/numbers?version=${version}`)
    await page.locator('.menus').getByRole('button', { name: 'pin/ask' }).click()
    await state('ask', '.selected').waitFor()
    await page.locator('.picture .edge[data-from=ask][data-to=right] .count', { hasText: /^1$/ }).waitFor()
  })

  await t.test('only flows that a version is made of are drawn of it', async t => {
    const get = (path: string) => ask(`${server.admin}/api/flows/${path}`, { method: 'GET' })
    t.match(await get(`pin/graph?version=${version}`), { status: 200, json: { flow: 'pin', start: 'ask' } })
    t.match(await get(`pin/picture?version=${version}`), { status: 200, text: /data-state="ask"/ })
    const own = String((await flow('pin'))['live'])
    t.match(await get(`pin/graph?version=${own}`), { status: 200, json: { flow: 'pin', start: 'code' } })
    t.match(await get(`line/graph?version=${own}`), { status: 404, json: { detail: /`line`/ } })
    t.match(await get(`nobody/graph?version=${version}`), { status: 404 })
  })

  await t.test('a call of a flow that is gone', async t => {
    rmSync(join(place.folder, 'line.yaml'))
    await until('it is gone', async () => (await ask(`${server.admin}/api/flows/line`, { method: 'GET' })).status === 404)
    await page.goto('about:blank')
    await page.goto(`${server.admin}/#/calls`)
    await page.locator('.call').first().getByRole('link').click()
    await page.getByText('no longer there').waitFor()
    await state('menu', '.lit').waitFor()
    t.match(await page.locator('.trace').innerText(), /pin\/ask/)
    await page.goto('about:blank')
    await page.goto(`${server.admin}/#/flows/line`)
    await page.getByText('This cannot be shown').waitFor()
  })
  t.strictSame(complaints.filter(one => !one.includes('404')), [])
})
