/** Work that many ask for at once. */
import t from 'tap'
import { shareWork } from '../src/console/shared-work.ts'

void t.test('it is done once for all who wait, and begun after they asked', async t => {
  const share = shareWork<number>()
  const begun: (() => void)[] = []
  let count = 0
  const work = (): Promise<number> => new Promise(resolve => {
    const mine = ++count
    begun.push(() => resolve(mine))
  })
  const first = share('a', work)
  await Promise.resolve()
  t.equal(begun.length, 1)
  const later = Array.from({ length: 100 }, () => share('a', work))
  const other = share('b', work)
  await new Promise(resolve => setImmediate(resolve))
  t.equal(begun.length, 2, 'of another key it is begun at once, of the same not twice at a time')
  begun[0]?.()
  begun[1]?.()
  t.strictSame([await first, await other], [1, 2])
  const last = share('a', work)
  while (begun.length < 3) await new Promise(resolve => setImmediate(resolve))
  begun[2]?.()
  t.strictSame([...new Set(await Promise.all([...later, last]))], [3])
})

void t.test('it rests for as long as it took', async t => {
  const share = shareWork<number>()
  const work = (): Promise<number> => new Promise(resolve => setTimeout(() => resolve(performance.now()), 60))
  const done = await share('a', work)
  t.ok(await share('a', work) - done >= 110, 'and then takes as long again')
})

void t.test('what fails is asked for anew', async t => {
  const share = shareWork<number>()
  await t.rejects(share('a', () => Promise.reject(new Error('the disk is full'))), { message: 'the disk is full' })
  t.equal(await share('a', () => Promise.resolve(7)), 7)
})
