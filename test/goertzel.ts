/** How much of one frequency is in samples: Goertzel's sum, the tone detector of telephone exchanges. */
export function goertzel(samples: ArrayLike<number>, hertz: number, rate: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / rate)
  let before = 0
  let last = 0
  for (let at = 0; at < samples.length; at++) {
    const now = (samples[at] as number) + factor * last - before
    before = last
    last = now
  }
  return Math.sqrt(Math.max(0, before * before + last * last - factor * before * last)) / samples.length
}
