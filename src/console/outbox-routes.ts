/** The outbox over HTTP: what waits, failed or is in doubt, and sending it anew or giving it up. */
import type { FastifyInstance } from 'fastify'
import type { Outbox } from '../outbox/outbox.ts'
import type { Recordings } from '../outbox/recordings.ts'
import { ITEM_STATES } from '../store/store.ts'
import type { ItemState, Store, StoredItem } from '../store/store.ts'
import { nearest } from '../validate/nearest.ts'
import { quoted } from '../validate/words.ts'
import { readCount, readQuery } from './query.ts'
import { refuse } from './refuse.ts'
import type { ItemShown, OutboxShown } from './shapes/outbox.ts'

export interface OutboxParts {
  readonly outbox: Outbox
  readonly store: Store
  readonly recordings: Recordings
  /** The key that receivers of `post` check. */
  readonly postKey: string
}

const USUAL: readonly ItemState[] = ['waiting', 'sending', 'failed', 'doubt']
const MOST = 1000
const ID = /^[0-9a-f]{20}$/

/** Adds `GET /api/outbox`, `GET /api/outbox/key`, `POST /api/outbox/ID/retry` and `…/drop`. */
export async function outboxRoutes(app: FastifyInstance, { outbox, store, postKey }: OutboxParts): Promise<void> {
  app.get('/api/outbox', async ({ query }, reply) => {
    const read = readQuery(query, ['state', 'most'])
    if (typeof read === 'string') return refuse(reply, 400, read)
    const states = read.state === undefined ? USUAL : read.state === 'all' ? ITEM_STATES : read.state.split(',') as ItemState[]
    const odd = states.find(state => !ITEM_STATES.includes(state))
    if (odd !== undefined) {
      const word = nearest(odd, ITEM_STATES)
      return refuse(reply, 400, `items are never \`${odd}\`; ${word === undefined ? `they are ${quoted(ITEM_STATES)}` : `did you mean \`${word}\`?`}`)
    }
    const most = read.most === undefined ? MOST : readCount(read.most, MOST)
    if (most === undefined) return refuse(reply, 400, `\`most\` is a number from 1 to ${MOST}`)
    try {
      return await shown(states, most)
    } catch (error) {
      return refuse(reply, 503, (error as Error).message)
    }
  })

  async function shown(states: readonly ItemState[], most: number): Promise<OutboxShown> {
    const [items, counts] = await Promise.all([store.list(states, most), store.counts()])
    const { held, trouble } = outbox.holding
    const count = (state: ItemState): number => counts.filter(one => one.state === state).reduce((sum, one) => sum + one.count, 0)
    return { version: 1, counts: Object.fromEntries(ITEM_STATES.map(state => [state, count(state)])) as Record<ItemState, number>, held, ...(trouble === undefined ? {} : { trouble }), items: items.map(shownItem) }
  }

  app.get('/api/outbox/key', async () => ({ version: 1, post: postKey }))

  for (const [verb, act, fits] of [['retry', outbox.retry, ['failed', 'doubt', 'dropped', 'waiting']], ['drop', outbox.drop, ['failed', 'doubt', 'waiting']]] as const) {
    app.post<{ Params: { id: string } }>(`/api/outbox/:id/${verb}`, { bodyLimit: 4096 }, async ({ params: { id } }, reply) => {
      try {
        const was = ID.test(id) ? await act(id) : undefined
        if (was === undefined) return refuse(reply, 404, `there is no item \`${id}\` in the outbox`)
        if (!(fits as readonly ItemState[]).includes(was)) return refuse(reply, 409, `this item is ${was === 'sending' ? 'being sent' : was === 'doubt' ? 'in doubt' : was}: it cannot be ${verb === 'drop' ? 'dropped' : 'sent again'}`)
        return { version: 1, id, was, state: verb === 'drop' ? 'dropped' : 'waiting' }
      } catch (error) {
        return refuse(reply, 503, (error as Error).message)
      }
    })
  }
}

function shownItem({ id, kind, receiver, flow, call, place, state, attempts, created, next, ended, why }: StoredItem): ItemShown {
  return {
    id, kind, to: receiver, flow, call, item: place, state, attempts, created: iso(created),
    ...(next === null ? {} : { next: iso(next) }), ...(ended === null ? {} : { ended: iso(ended) }), ...(why === null ? {} : { why }),
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
