/** Nothing that anybody writes makes a check fall over; `npm run fuzz:lint` asks a hundred thousand texts, and holds the two seconds. */
import t from 'tap'
import { largeInputs, smallInputs } from './fuzz-inputs.ts'
import { survives } from './survives.ts'

t.setTimeout(280_000)

void t.test('any text is survived: small ones', { timeout: 280_000 }, async t => {
  const inputs = smallInputs(2000, 46)
  for (const text of inputs) survives(text, true)
  t.equal(inputs.length, 2000)
})

void t.test('any text is survived: 256 KiB of it', { timeout: 280_000 }, async t => {
  for (const [index, text] of largeInputs().entries()) {
    t.ok(text.length <= 256 * 1024)
    // what grows with the square takes twenty seconds and more; the two of the promise are held by `npm run fuzz:lint`
    const seconds = survives(text, false)
    t.ok(seconds < 10, `${index}: ${seconds} s`)
  }
})
