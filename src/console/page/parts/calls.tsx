/** Calls in progress and those that are over, of all flows. */
import { CallList } from '../call-list.tsx'
import { useLive } from '../live.ts'
import type { Live } from '../live.ts'
import { Empty, Failed, Loading } from '../notice.tsx'
import type { Part } from '../part.ts'
import { goTo, linkTo } from '../router.ts'
import type { Route } from '../router.ts'
import { useCalls } from '../use-calls.ts'
import { useWords } from '../words.ts'

export const calls: Part = { path: 'calls', label: words => words.calls.name, View: Calls }

function Calls({ route }: { readonly route: Route }) {
  const all = useWords()
  const { calls: words } = all
  const { state: live }: Live = useLive()
  const [flow, state, end] = ['flow', 'state', 'end'].map(name => route.query.get(name) ?? undefined)
  const onlyLive = route.query.get('live') === 'true'
  const { calls: found, trouble, missed, more, again } = useCalls({ ...(flow === undefined ? {} : { flow }), ...(state === undefined ? {} : { state }), ...(end === undefined ? {} : { end }), live: onlyLive })
  const filter = (part: Readonly<Record<string, string>>): void => {
    const query = Object.entries({ ...Object.fromEntries(route.query), ...part }).filter(([, value]) => value !== '')
    goTo(linkTo(['calls'], Object.fromEntries(query)), { replace: true })
  }
  return <div class="sheet">
    <div class="sheet-head"><h1>{words.name}</h1>{found !== undefined && <p class="sum" role="status">{more === undefined ? all.ofCalls(found.length) : words.newest(found.length)}</p>}</div>
    <div class="filters" role="search">
      <label>{words.flow} <select value={flow ?? ''} onChange={event => filter({ flow: event.currentTarget.value })}><option value="">{words.allFlows}</option>{(live?.flows ?? []).map(one => <option key={one.name} value={one.name}>{one.name}</option>)}</select></label>
      <label>{words.state} <input type="search" value={state ?? ''} placeholder={words.stateHint} onInput={event => filter({ state: event.currentTarget.value.trim() })} /></label>
      <label>{words.end} <select value={end ?? ''} onChange={event => filter({ end: event.currentTarget.value })}><option value="">{words.anyEnd}</option>{Object.entries(words.ends).map(([name, text]) => <option key={name} value={name}>{text}</option>)}</select></label>
      <label class="check"><input type="checkbox" checked={onlyLive} onChange={event => filter({ live: event.currentTarget.checked ? 'true' : '' })} />{words.onlyLive}</label>
    </div>
    {missed > 0 && <p class="hint">{words.missed(missed)}</p>}
    {found === undefined ? (trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />)
      : found.length === 0 ? (route.query.size > 0 ? <Empty title={words.noneSuch} /> : <Empty title={words.none} hint={words.noneHint} />)
        : <><CallList calls={found} />{more !== undefined && <p><button onClick={more}>{words.more}</button></p>}</>}
  </div>
}
