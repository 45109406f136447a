/** What happened in a call, line under line; and beneath, the carrier's requests with our answers, as they were. */
import type { ComponentChildren } from 'preact'
import { togglePlaying, usePlaying } from '../audio.ts'
import { Icon } from '../icon.tsx'
import { useWords } from '../words.ts'
import type { Words } from '../words.ts'
import type { PhoneEvent } from '../api-shapes.ts'

interface Line {
  readonly n: number
  readonly at: number
  readonly kind: string
  readonly text: ComponentChildren
  readonly sound?: { readonly address: string; readonly name: string }
}

export function Transcript({ events }: { readonly events: readonly PhoneEvent[] }) {
  const words = useWords().telephone
  const playing = usePlaying()
  return <section aria-label={words.transcript}>
    <h3>{words.transcript}</h3>
    <ol class="transcript">
      {linesOf(events, words).map(({ n, at, kind, text, sound }) => <li key={n} class={`said-${kind}`}>
        <span class="said-at">{clock(at)}</span>
        <span class="said-text">{text}</span>
        {sound !== undefined && <button class={`replay${playing === sound.address ? ' on' : ''}`} aria-label={words.replay(sound.name)} onClick={() => togglePlaying(sound.address)}><Icon name={playing === sound.address ? 'stop' : 'start'} /></button>}
      </li>)}
    </ol>
  </section>
}

export function Requests({ events }: { readonly events: readonly PhoneEvent[] }) {
  const words = useWords().telephone
  const answers = new Map(events.flatMap(event => (event.kind === 'answer' ? [[event.number, event] as const] : [])))
  return <section aria-label={words.raw}>
    <h3>{words.raw}</h3>
    <ul class="exchanges">
      {events.flatMap(event => {
        if (event.kind !== 'request') return []
        const answer = answers.get(event.number)
        const result = event.form['result'] === undefined ? '' : ` ${event.form['result']}`
        return [<li key={event.n}><details class="raw">
          <summary>{words.request(event.number + 1, event.purpose + result)} <span class="sum">{answer === undefined ? '…' : `${answer.status ?? answer.trouble} · ${words.ms(Math.round(answer.milliseconds))}`}</span></summary>
          <h4>{words.form}</h4>
          <pre tabIndex={0}>{`POST ${event.address}\n${Object.entries(event.form).map(([name, value]) => `${name}=${value}`).join('\n')}`}</pre>
          {answer !== undefined && <><h4>{words.body}</h4><pre tabIndex={0}>{answer.trouble ?? `${answer.status}\n${pretty(answer.body ?? '')}`}</pre></>}
        </details></li>]
      })}
    </ul>
  </section>
}

function linesOf(events: readonly PhoneEvent[], words: Words['telephone']): Line[] {
  const lines: Line[] = []
  let keys: { first: PhoneEvent; text: string } | undefined
  for (const event of events) {
    if (event.kind === 'key') {
      keys = { first: keys?.first ?? event, text: (keys?.text ?? '') + event.key }
      continue
    }
    const made = lineOf(event, words)
    if (made === undefined) continue
    if (keys !== undefined) lines.push({ n: keys.first.n, at: keys.first.at, kind: 'you', text: words.press(keys.text) })
    keys = undefined
    lines.push({ n: event.n, at: event.at, ...made })
  }
  if (keys !== undefined) lines.push({ n: keys.first.n, at: keys.first.at, kind: 'you', text: words.press(keys.text) })
  return lines
}

function lineOf(event: PhoneEvent, words: Words['telephone']): Omit<Line, 'n' | 'at'> | undefined {
  switch (event.kind) {
    case 'heard': {
      const text = event.trouble !== undefined ? words.instead(event.trouble) : event.text === undefined ? event.name : `“${event.text}”`
      return { kind: event.trouble === undefined ? 'heard' : 'wrong', text: event.round > 1 ? `${text} (${words.time(event.round)})` : text, ...(event.sound === undefined ? {} : { sound: { address: event.sound, name: event.name } }) }
    }
    case 'moves': {
      const moves = event.moves.filter(({ from, to, event: why }) => from !== '' && from !== to && why !== 'again')
      if (event.broke !== undefined) return { kind: 'wrong', text: words.broke(event.broke) }
      return moves.length === 0 ? undefined : { kind: 'moves', text: <>{moves[0]?.from}{moves.map(({ event: why, to }) => <>{why !== 'success' && <> <kbd>{why}</kbd></>} → {to}</>)}</> }
    }
    case 'keys-lost': return { kind: 'warned', text: words.lostKeys(event.keys) }
    case 'speech': return { kind: 'you', text: words.speaks(Math.round(event.seconds)) }
    case 'caller-hangs-up': return { kind: 'you', text: words.hangsUp }
    case 'awaits': return event.what === 'line' ? { kind: 'line', text: words.rings(event.numbers.join(', ')) } : undefined
    case 'line': return { kind: 'line', text: `${event.number === undefined ? '' : `${event.number} `}${words.results[event.result] ?? event.result}` }
    case 'talk-end': return { kind: 'line', text: words.talked(Math.round(event.seconds)) }
    case 'recorded': return { kind: 'line', text: words.recorded(Math.round(event.seconds)) }
    case 'asked': return { kind: 'moves', text: `${words.asked(event.host)}: ${event.failed === undefined ? words.status(event.status ?? 0) : words.noReply(event.failed)}` }
    case 'sends': return { kind: 'sends', text: <>{words.wouldSend(event.item, event.to)}<code class="sent">{event.words === '' ? words.sensitive : event.words}</code></> }
    case 'handover': return { kind: 'warned', text: words.handover(event.address) }
    case 'warning': case 'error': return { kind: event.kind === 'error' ? 'wrong' : 'warned', text: <>{event.message}<span class="sum"> {event.says}</span></> }
    default: return undefined
  }
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
