/** The outbox: what waits, failed or is in doubt, sent again or given up. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { ItemShown, OutboxShown } from '../api-shapes.ts'
import { onEvent } from '../live.ts'
import { Empty, Failed, Loading, Ticked } from '../notice.tsx'
import type { Part } from '../part.ts'
import { linkTo } from '../router.ts'
import { Ago } from '../times.tsx'
import { useAsked } from '../use-asked.ts'
import { useWords } from '../words.ts'

export const outbox: Part = { path: 'outbox', label: words => words.outbox, View: Outbox }

const RETRIED = ['failed', 'doubt', 'dropped', 'waiting']
const DROPPED = ['failed', 'doubt', 'waiting']

function Outbox() {
  const words = useWords()
  const [all, setAll] = useState(false)
  const { value, trouble, again } = useAsked(() => ask<OutboxShown>(`/api/outbox${all ? '?state=all&most=300' : '?most=300'}`), [all])
  useEffect(() => onEvent('outbox', again), [])
  if (value === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  return <div class="sheet">
    <div class="sheet-head">
      <h1>{words.outbox}</h1>
      <p class="sum">{Object.entries(value.counts).filter(([, count]) => count > 0).map(([state, count]) => `${words.outboxStates[state] ?? state}: ${count}`).join(' · ')}</p>
      <label class="check"><input type="checkbox" checked={all} onChange={event => setAll(event.currentTarget.checked)} />{words.showSent}</label>
    </div>
    {value.trouble !== undefined && <p class="banner" role="alert" lang="en">{value.trouble}</p>}
    {value.held > 0 && <p class="banner">{words.held(value.held)}</p>}
    {value.items.length === 0 ? <Empty title={words.outboxEmpty} hint={words.outboxEmptyHint} /> : <ul class="cards">{value.items.map(item => <Item key={item.id} item={item} changed={again} />)}</ul>}
  </div>
}

function Item({ item, changed }: { readonly item: ItemShown; readonly changed: () => void }) {
  const words = useWords()
  const [trouble, setTrouble] = useState<string>()
  const act = (verb: 'retry' | 'drop'): void => {
    ask(`/api/outbox/${item.id}/${verb}`, { method: 'POST', json: {} }).then(() => setTrouble(undefined), (error: unknown) => setTrouble(words.notDone((error as Error).message))).finally(changed)
  }
  const isBad = item.state === 'failed' || item.state === 'doubt'
  return <li class={`card-item${isBad ? ' bad' : ''}`}>
    <div class="card-head">
      <h2><span class="kind">{words.kinds[item.kind] ?? item.kind} {words.to}</span> {item.to}</h2>
      <span class={`state-badge ${isBad ? 'refused' : item.state === 'sent' ? 'live' : 'waiting'}`}>{words.outboxStates[item.state] ?? item.state}</span>
    </div>
    <p class="sum"><a href={linkTo(['flows', item.flow])}>{item.flow}</a> · <code>{item.item}</code>{item.call !== '' && <> · <a href={linkTo(['flows', item.flow, 'calls'], { call: item.call })}>{words.theCall}</a></>} · {words.created} <Ago at={item.created} /> · {words.attempts(item.attempts)}{item.next !== undefined && <> · {words.nextTry} <Ago at={item.next} /></>}</p>
    {item.why !== undefined && <p class={isBad ? 'wrong' : 'sum'} lang="en"><Ticked text={item.why} /></p>}
    {item.state === 'doubt' && <p class="sum">{words.doubtHint}</p>}
    {trouble !== undefined && <p class="wrong" role="alert">{trouble}</p>}
    {RETRIED.includes(item.state) && <div class="choices">
      <button onClick={() => act('retry')}>{item.state === 'waiting' ? words.sendNow : words.sendAgain}</button>
      {DROPPED.includes(item.state) && <button class="danger" onClick={() => act('drop')}>{words.giveUp}</button>}
    </div>}
  </li>
}
