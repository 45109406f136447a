/** Items of the outbox in SQLite. */
import type { AtOnce, ItemCount, ItemState, NewItem, Put, Store, StoredItem } from '../store.ts'
import type { Item } from '../../run/effect.ts'
import { first } from './open.ts'
import type { Db } from './open.ts'

type Methods = Pick<AtOnce<Store>, 'put' | 'claim' | 'claimDoubts' | 'settle' | 'owners' | 'abandon' | 'nextDue' | 'hasRef' | 'item' | 'list' | 'counts' | 'dialled' | 'retry' | 'drop' | 'hurry' | 'prune'>

const COLUMNS = 'id, kind, receiver, flow, call, place, state, created, deadline, next, attempts, claimed, recording, why, ref, ended, body'
/** Whether nothing is to be waited for but the time: no recording, or one that is here or never comes. `*` is the latest of the call. */
const READY = `(recording IS NULL OR deadline <= $now
  OR EXISTS (SELECT 1 FROM recordings r WHERE r.id = outbox.recording AND r.state <> 'coming')
  OR (recording = '*' AND (SELECT r.state FROM recordings r WHERE r.call = outbox.call ORDER BY r.noticed DESC LIMIT 1) <> 'coming'))`

type Row = Omit<StoredItem, 'item'> & { readonly body: string | null }

export function outboxMethods(db: Db): Methods {
  const insert = db.prepare(`INSERT OR IGNORE INTO outbox (id, kind, receiver, flow, call, place, caller, state, created, deadline, next, recording, why, ended, body)
    VALUES ($id, $kind, $receiver, $flow, $call, $place, $caller, $state, $created, $deadline, $next, $recording, $why, $ended, $body)`)
  const isKnown = db.prepare('SELECT 1 FROM outbox WHERE id = $id')
  const lastOnce = db.prepare('SELECT at FROM once WHERE place = $place')
  const noteOnce = db.prepare('INSERT INTO once (place, at, id) VALUES ($place, $at, $id) ON CONFLICT (place) DO UPDATE SET at = $at, id = $id')
  const dueRows = db.prepare(`SELECT ${COLUMNS} FROM outbox WHERE state = 'waiting' AND next <= $now AND ${READY} ORDER BY next, id LIMIT $most`)
  const take = db.prepare(`UPDATE outbox SET state = 'sending', owner = $owner, lease = $lease, claimed = $now, attempts = attempts + 1, next = NULL, recording = $recording WHERE id = $id AND state = 'waiting'`)
  const doubtRows = db.prepare(`SELECT ${COLUMNS} FROM outbox WHERE state = 'doubt' AND next <= $now AND (lease IS NULL OR lease < $now) ORDER BY next, id LIMIT $most`)
  const takeDoubt = db.prepare('UPDATE outbox SET owner = $owner, lease = $lease, next = $lease WHERE id = $id')
  const latest = db.prepare('SELECT id FROM recordings WHERE call = $call ORDER BY noticed DESC LIMIT 1')
  const one = db.prepare(`SELECT ${COLUMNS} FROM outbox WHERE id = $id`)
  const end = db.prepare(`UPDATE outbox SET state = $state, next = $next, why = $why, ref = coalesce($ref, ref), ended = $ended, owner = NULL, lease = NULL, body = CASE WHEN $keep = 1 THEN body END
    WHERE id = $id AND (owner = $owner OR ($state = 'sent' AND state = 'doubt'))`)
  const release = db.prepare('DELETE FROM once WHERE id = $id')
  const sending = db.prepare(`SELECT DISTINCT owner FROM outbox WHERE state = 'sending'`)
  const leased = db.prepare(`SELECT ${COLUMNS}, owner, lease FROM outbox WHERE state = 'sending'`)
  const toDoubt = db.prepare(`UPDATE outbox SET state = 'doubt', next = $next, why = $why, owner = NULL, lease = NULL WHERE id = $id`)
  // each goes along its index to the first: there may be thousands that wait
  const earliest = [
    db.prepare(`SELECT next FROM outbox WHERE state = 'waiting' AND next IS NOT NULL AND ${READY.replaceAll('$now', '0')} ORDER BY next LIMIT 1`),
    db.prepare(`SELECT next FROM outbox WHERE state = 'doubt' AND next IS NOT NULL ORDER BY next LIMIT 1`),
  ]
  const byRef = db.prepare('SELECT 1 FROM outbox WHERE ref = $ref')
  const byState = db.prepare(`SELECT ${COLUMNS} FROM outbox WHERE state IN (SELECT value FROM json_each($states)) ORDER BY created DESC, id LIMIT $most`)
  const counted = db.prepare('SELECT state, kind, COUNT(*) AS count, MIN(created) AS oldest FROM outbox GROUP BY state, kind')
  const dialledRows = db.prepare(`SELECT id, caller, created AS at FROM outbox WHERE kind IN ('sms', 'call') AND created >= $since AND (state NOT IN ('skipped', 'failed') OR attempts > 0)`)
  const again = db.prepare(`UPDATE outbox SET state = 'waiting', next = $now, deadline = $deadline, why = NULL, ended = NULL, owner = NULL, lease = NULL WHERE id = $id`)
  const dropOne = db.prepare(`UPDATE outbox SET state = 'dropped', next = NULL, ended = $now, owner = NULL, lease = NULL WHERE id = $id`)
  const hurried = db.prepare(`UPDATE outbox SET next = $now WHERE state = 'waiting' AND why IN (SELECT value FROM json_each($whys))`)
  const forget = db.prepare(`DELETE FROM outbox WHERE ended < $done AND (state IN ('sent', 'skipped', 'dropped') OR ended < $failed)`)
  const forgetOnce = db.prepare('DELETE FROM once WHERE at < $before')

  function putOne({ id, item, receiver, caller, next, deadline, refused, waits }: NewItem, now: number): Put {
    if (first(isKnown, { id }) !== undefined) return 'known'
    const place = onceOf(item, receiver)
    const last = item.oncePer === undefined ? undefined : (first(lastOnce, { place }) as { at: number } | undefined)
    const isSkipped = last !== undefined && item.oncePer !== undefined && now - last.at < item.oncePer.hours * 3_600_000
    const state: ItemState = isSkipped ? 'skipped' : refused !== undefined ? 'failed' : 'waiting'
    insert.run({
      id, kind: item.kind, receiver, flow: item.flow, call: item.call, place: item.item, caller, state, created: now, deadline,
      next: state === 'waiting' ? next : null, recording: item.recording === undefined ? null : item.recording.id ?? '*', why: isSkipped ? null : refused ?? waits ?? null,
      ended: state === 'waiting' ? null : now, body: isSkipped ? null : JSON.stringify(item),
    })
    if (item.oncePer !== undefined && state === 'waiting') noteOnce.run({ place, at: now, id })
    return isSkipped ? 'skipped' : refused !== undefined ? 'refused' : 'stored'
  }

  return {
    put: (items, now) => items.map(item => putOne(item, now)),

    claim(owner, now, lease, most) {
      const rows = dueRows.all({ now, most }) as Row[]
      for (const { id, call, recording } of rows) take.run({ id, owner, lease, now, recording: recording === '*' ? (first(latest, { call }) as { id: string } | undefined)?.id ?? '*' : recording })
      return rows.map(({ id }) => stored(first(one, { id }) as Row))
    },

    claimDoubts(owner, now, lease, most) {
      const rows = doubtRows.all({ now, most }) as Row[]
      for (const { id } of rows) takeDoubt.run({ id, owner, lease })
      return rows.map(stored)
    },

    settle(id, owner, settled, now) {
      const isOver = settled.is === 'sent' || settled.is === 'failed'
      const { changes } = end.run({
        id, owner, state: settled.is, next: 'next' in settled ? settled.next ?? null : null, why: 'why' in settled ? settled.why : null,
        ref: 'ref' in settled ? settled.ref ?? null : null, ended: isOver ? now : null, keep: settled.is === 'sent' ? 0 : 1,
      })
      // what never came must not keep the next one back
      if (changes > 0 && settled.is === 'failed') release.run({ id })
      return changes > 0
    },

    owners: () => (sending.all() as { owner: string }[]).map(({ owner }) => owner),

    abandon(now, gone, ask) {
      const lost = (leased.all() as (Row & { owner: string; lease: number })[]).filter(row => row.lease < now || gone.includes(row.owner))
      for (const { id, kind } of lost) {
        const canAsk = kind === 'sms' || kind === 'call'
        toDoubt.run({ id, next: canAsk ? ask : null, why: canAsk ? 'the server ended while it was being sent: the carrier is asked whether it came' : 'the server ended while it was being sent: it may have come, or not' })
      }
      return lost.map(({ id }) => stored(first(one, { id }) as Row))
    },

    nextDue() {
      const nexts = earliest.flatMap(one => one.all({}) as { next: number }[]).map(({ next }) => next)
      return nexts.length === 0 ? undefined : Math.min(...nexts)
    },
    hasRef: ref => first(byRef, { ref }) !== undefined,
    item(id) {
      const row = first(one, { id }) as Row | undefined
      return row === undefined ? undefined : stored(row)
    },
    list: (states, most) => (byState.all({ states: JSON.stringify(states), most }) as Row[]).map(stored),
    counts: () => counted.all() as ItemCount[],
    dialled: since => dialledRows.all({ since }) as { id: string; caller: string; at: number }[],

    retry(id, now, deadline) {
      const row = first(one, { id }) as Row | undefined
      if (row !== undefined && ['failed', 'doubt', 'dropped', 'waiting'].includes(row.state)) again.run({ id, now, deadline })
      return row?.state
    },

    drop(id, now) {
      const row = first(one, { id }) as Row | undefined
      if (row !== undefined && ['failed', 'doubt', 'waiting'].includes(row.state)) {
        dropOne.run({ id, now })
        release.run({ id })
      }
      return row?.state
    },

    hurry: (whys, now) => void hurried.run({ whys: JSON.stringify(whys), now }),

    prune(done, failed) {
      forget.run({ done, failed })
      // the longest `once_per` is a year
      forgetOnce.run({ before: done - 366 * 86_400_000 })
    },
  }
}

function onceOf({ flow, item }: Item, receiver: string): string {
  return `${flow}\n${item}\n${receiver}`
}

function stored({ body, ...row }: Row): StoredItem {
  const { id, kind, receiver, flow, call, place, state, created, deadline, next, attempts, claimed, recording, why, ref, ended } = row
  return { id, kind, receiver, flow, call, place, state, created, deadline, next, attempts, claimed, recording, why, ref, ended, item: body === null ? null : (JSON.parse(body) as Item) }
}

