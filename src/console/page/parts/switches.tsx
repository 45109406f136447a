/** The switches: how they stand, for how long, and who put them there. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { SwitchesShown, SwitchShown } from '../api-shapes.ts'
import { onEvent } from '../live.ts'
import { Empty, Failed, Loading } from '../notice.tsx'
import type { Part } from '../part.ts'
import { linkTo } from '../router.ts'
import { Ago } from '../times.tsx'
import { useAsked } from '../use-asked.ts'
import { useWords } from '../words.ts'

export const switches: Part = { path: 'switches', label: words => words.switches, View: Switches }

function Switches() {
  const words = useWords()
  const { value, trouble, again } = useAsked(() => ask<SwitchesShown>('/api/switches'), [])
  useEffect(() => onEvent('live', again), [])
  useEffect(() => onEvent('switch', again), [])
  if (value === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  return <div class="sheet">
    <div class="sheet-head"><h1>{words.switches}</h1></div>
    {value.switches.length === 0 ? <Empty title={words.noSwitches} hint={words.noSwitchesHint} /> : <ul class="cards">{value.switches.map(one => <Switch key={one.name} one={one} changed={again} />)}</ul>}
  </div>
}

/** Minutes as people say them: “4 hours”. */
function timeOf(minutes: number, locale: string): string {
  const [count, unit] = minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

function Switch({ one, changed }: { readonly one: SwitchShown; readonly changed: () => void }) {
  const words = useWords()
  const [lasts, setLasts] = useState('')
  const [by, setBy] = useState('')
  const [trouble, setTrouble] = useState<string>()
  // when it goes back by itself, nobody tells
  useEffect(() => {
    if (one.until === undefined) return
    const timer = setTimeout(changed, Math.min(Date.parse(one.until) - Date.now() + 500, 2_000_000_000))
    return () => clearTimeout(timer)
  }, [one.until])
  const flip = (value: string): void => {
    ask(`/api/switches/${encodeURIComponent(one.name)}`, { method: 'POST', json: { value, ...(lasts === '' || value === one.default ? {} : { for: lasts }), ...(by === '' ? {} : { by }) } })
      .then(() => setTrouble(undefined), (error: unknown) => setTrouble(words.notDone((error as Error).message))).finally(changed)
  }
  const name = `switch-${one.name}`
  return <li class="card-item">
    <div class="card-head">
      <h2 id={name}>{one.label === '' ? one.name : one.label}</h2> <code>{one.name}</code>
      <span class="sum">{one.until === undefined ? words.usualAt(one.default) : <>{words.goesBack(one.default)} <Ago at={one.until} /></>}</span>
    </div>
    <div class="choices" role="group" aria-labelledby={name}>
      {one.choices.map(choice => <button key={choice} class={`choice${choice === one.value ? ' on' : ''}`} aria-pressed={choice === one.value} onClick={() => flip(choice)}>{choice}</button>)}
    </div>
    <div class="fields">
      <label>{words.forHow} <select value={lasts} onChange={event => setLasts(event.currentTarget.value)}><option value="">{one.turnsOffAfter === undefined ? words.forever : words.asDeclared(timeOf(one.turnsOffAfter, words.locale))}</option>{Object.entries(words.durations).map(([time, text]) => <option key={time} value={time}>{text}</option>)}</select></label>
      <label>{words.by} <input value={by} maxLength={100} placeholder={words.byHint} onInput={event => setBy(event.currentTarget.value)} /></label>
    </div>
    {trouble !== undefined && <p class="wrong" role="alert">{trouble}</p>}
    <p class="sum">{words.usedBy} {one.flows.map((flow, at) => <span key={flow}>{at > 0 && ', '}<a href={linkTo(['flows', flow])}>{flow}</a></span>)}</p>
    {one.record.length > 0 && <details><summary>{words.recordOf}</summary><ul class="record">{one.record.map(past => <li key={past.at}>{words.flippedBy(past.by, past.value)} <Ago at={past.at} /></li>)}</ul></details>}
  </li>
}
