/** Questions that are answered one at a time: of those that wait, only the newest of each asker is. */

/** Askers that may wait at the same time. */
const MOST_WAITING = 16

/** `newer`: the same asker asked again before it was its turn. `full`: too many wait. */
export type Turn<T> = { readonly answer: T } | 'newer' | 'full'

export interface Turns {
  /** Rejects where the question does. */
  take<T>(asker: string, question: () => Promise<T>): Promise<Turn<T>>
}

export function createTurns(most: number = MOST_WAITING): Turns {
  const waiting = new Map<string, { readonly begin: () => void; readonly drop: () => void }>()
  let busy = false

  function next(): void {
    const first = waiting.entries().next().value
    busy = first !== undefined
    if (first === undefined) return
    waiting.delete(first[0])
    first[1].begin()
  }

  return {
    take<T>(asker: string, question: () => Promise<T>) {
      return new Promise<Turn<T>>((resolve, reject) => {
        const begin = (): void => {
          question().then(answer => resolve({ answer }), reject).finally(next)
        }
        if (!busy) {
          busy = true
          return begin()
        }
        const older = waiting.get(asker)
        if (older === undefined && waiting.size >= most) return resolve('full')
        // who asks again does not lose his place
        waiting.set(asker, { begin, drop: () => resolve('newer') })
        older?.drop()
      })
    },
  }
}
