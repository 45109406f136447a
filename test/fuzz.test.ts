/** Nothing that anybody writes makes a check fall over; `npm run fuzz:lint` asks a hundred thousand texts, and holds the two seconds. */
import t from 'tap'
import { largeInputs, smallInputs } from './fuzz-inputs.ts'
import { survives } from './survives.ts'

t.setTimeout(280_000)

void t.test('any text is survived: small ones', { timeout: 280_000 }, async t => {
  const inputs = smallInputs(500, 46)
  for (const text of inputs) survives(text, true)
  t.equal(inputs.length, 500)
})

void t.test('any text is survived: 256 KiB of it', { timeout: 280_000 }, async t => {
  // some of them; all, and how long each takes, are held by `npm run fuzz:lint`
  for (const text of largeInputs().filter((_text, index) => index % 5 === 0)) {
    t.ok(text.length <= 256 * 1024)
    survives(text, false)
  }
})
