/** What happens to files while they are edited in the page: other line breaks, a file that goes away, and a way back that something stands in. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { noBrowser, openScreen } from './page/browser.ts'
import { behind, textOf } from './page/editor.ts'
import { SOUND, until } from './serve/running.ts'

const flow = (next: string, line: string): string => `# what ${next} hears\nstart: menu\nnumbers: ["${line}"]\nstates:\n  menu: { ivr: bread.wav, on: { 1: shop, noinput: shop, nomatch: shop } }\n  shop: { connect: "+46846500401", on: { failed: bye } }\n  bye: { play: bread.wav, next: end }\n`
const WINDOWS = flow('windows', '+46846500400').replaceAll('\n', '\r\n')
const GONE = flow('gone', '+46846500410')
const LOOSE = flow('loose', '').replace('numbers: [""]\n', '')
const BACK = flow('back', '+46846500420')

void t.test('files and the editor', { timeout: 240_000, skip: noBrowser }, async t => {
  const screen = await openScreen({ 'windows.yaml': WINDOWS, 'gone.yaml': GONE, 'loose.yaml': LOOSE, 'back.yaml': BACK, 'bread.wav': SOUND })
  t.teardown(() => screen.close())
  const { page, complaints } = await screen.open()
  const path = (name: string): string => join(screen.place.folder, `${name}.yaml`)
  const read = (name: string): string => readFileSync(path(name), 'utf8')
  const state = page.locator('.edit-state')
  const save = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Save' }).click()
    await state.filter({ hasText: 'Live as version' }).waitFor()
  }
  const open = async (name: string): Promise<void> => {
    await page.goto(`${screen.server.admin}/#/flows/${name}/edit`)
    await page.locator('.cm-line', { hasText: `what ${name} hears` }).waitFor()
  }

  await t.test('line breaks stay what they are', async t => {
    await open('windows')
    await behind(page, '"+46846500401", on: { failed: bye } }')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.keyboard.type('# two salespeople')
    await page.locator('.edit-told', { hasText: /no problems|\d problem/ }).waitFor()
    t.match(await textOf(page), /failed: bye } }\n +# two salespeople\n/)
    await save()
    t.equal(read('windows').replace(/ *# two salespeople\r\n/, ''), WINDOWS, 'one line is new, and nothing else')
    t.notMatch(read('windows'), /[^\r]\n/)
  })

  await t.test('a file that is deleted meanwhile is told of, and made anew by saving', async t => {
    await open('gone')
    await behind(page, '# what gone hears')
    await page.keyboard.type(' now')
    rmSync(path('gone'))
    // its version goes on answering its line
    await page.locator('.flow-head .state-badge.refused').waitFor()
    await state.filter({ hasText: 'There is no file: saving makes one' }).waitFor()
    await save()
    t.equal(read('gone'), GONE.replace('gone hears', 'gone hears now'))
    await page.locator('.flow-head .state-badge.live').waitFor()

    rmSync(path('gone'))
    await state.filter({ hasText: 'There is no file: saving makes one' }).waitFor()
    t.ok(await page.getByRole('button', { name: 'Save' }).isEnabled(), 'nothing was written, and it can be made again')

    await open('loose')
    await behind(page, '# what loose hears')
    await page.keyboard.type(' now')
    rmSync(path('loose'))
    const alert = page.locator('.edit-theirs')
    await alert.getByText('The file was deleted while you were writing.').waitFor()
    t.ok(await page.getByRole('button', { name: 'Save' }).isDisabled(), 'somebody has to say what is to become of it')
    t.notOk(existsSync(path('loose')))
    await alert.getByRole('button', { name: 'Keep my text' }).click()
    await state.filter({ hasText: 'A new flow: saving makes its file' }).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await state.filter({ hasText: 'Live as version' }).waitFor()
    t.equal(read('loose'), LOOSE.replace('loose hears', 'loose hears now'))
  })

  await t.test('what stands in the way of an older version is told, and kept', async t => {
    await open('back')
    await behind(page, '# what back hears')
    await page.keyboard.press('Enter')
    await page.keyboard.type('title: Later')
    await save()
    const broken = read('back').replace('failed: bye', 'failed: byebye')
    writeFileSync(path('back'), broken)
    await page.locator('.flow-head .state-badge.refused').waitFor()
    await page.getByRole('link', { name: 'History' }).click()
    const oldest = page.locator('.version').last()
    await oldest.getByRole('button').first().click()
    await oldest.getByRole('button', { name: 'Put this version back' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Put this version back' }).click()
    await dialog.getByRole('alert').getByText('Not done').waitFor()
    t.match(await dialog.getByRole('alert').innerText(), /back\.yaml/)
    t.equal(read('back'), broken, 'nothing was written')
    await dialog.getByRole('button', { name: 'Do it anyway (a copy is kept)' }).click()
    await page.getByText(/Version [0-9a-f]{7} is live again/).waitFor()
    await until('the file is what it was', () => read('back') === BACK)
  })

  t.strictSame(complaints.filter(one => !/status of (?:404|409)/.test(one)), [], 'a browser tells of what was not there, and of what was refused')
})
