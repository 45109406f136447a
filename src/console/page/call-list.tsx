/** Calls in a list: each opens as a trace, drawn on the picture of its version. */
import type { CallShown } from './api-shapes.ts'
import { linkTo } from './router.ts'
import { Ago } from './times.tsx'
import { useWords } from './words.ts'

/** A number as records keep it, in words where there is none. */
export function shownNumber(number: string, words: { readonly hidden: string }): string {
  return number === 'hidden' ? words.hidden : number === '' ? '–' : number
}

export function CallList({ calls, isOfOne = false }: { readonly calls: readonly CallShown[]; /** Whether the flow need not be said. */ readonly isOfOne?: boolean }) {
  const { calls: words } = useWords()
  return <ul class="calls">
    {calls.map(call => <li key={call.id} class={`call${call.end === null && call.ended === null ? ' live' : ''}`}>
      <a href={linkTo(['flows', call.flow, 'calls'], { call: call.id, version: call.version })} class="call-link">
        <span class="call-who">{shownNumber(call.caller, words)} → {shownNumber(call.called, words)}</span>
        <span class="call-where">{!isOfOne && <span class="call-flow">{call.flow}</span>}<span class="call-at">{call.at ?? '–'}</span></span>
        <span class="call-end">{call.ended === null ? <span class="state-badge live">{words.live}</span> : words.ends[call.ended] ?? call.ended}{call.seconds !== null && ` · ${words.seconds(call.seconds)}`}</span>
        <span class="call-time"><Ago at={call.start} /></span>
      </a>
    </li>)}
  </ul>
}
