/** Chance that is no chance: drawn from the call, so that a request which is repeated draws the same, on every server. */
import { createHash } from 'node:crypto'

/** What a draw depends on: the call, which of its arrivals this is, and the place in the flow that draws. */
export interface Drawer {
  readonly id: string
  /** States arrived at so far. */
  readonly moves: number
}

/** A number from 0 up to, but not including, 1. */
export function draw(drawer: Drawer, place: string): number {
  return digest(drawer, place).readUIntBE(0, 6) / 2 ** 48
}

/** So many digits. */
export function drawDigits(drawer: Drawer, place: string, count: number): string {
  // 256 bits for at most twenty digits: none is likelier than another by anything that could be counted
  return (BigInt(`0x${digest(drawer, place).toString('hex')}`) % 10n ** BigInt(count)).toString().padStart(count, '0')
}

/** A name of 22 letters for what an arrival does. */
export function drawName(drawer: Drawer, place: string): string {
  return digest(drawer, place).toString('base64url', 0, 16)
}

/** The things in a drawn order, every order equally likely. */
export function shuffle<T>(drawer: Drawer, place: string, things: readonly T[]): T[] {
  const order = [...things]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(draw(drawer, `${place} ${last}`) * (last + 1))
    const one = order[last] as T
    order[last] = order[other] as T
    order[other] = one
  }
  return order
}

function digest({ id, moves }: Drawer, place: string): Buffer {
  return createHash('sha256').update(`${id}\n${moves}\n${place}`).digest()
}
