/** The numbers of a day: calls by the hour, how they ended, where menus lose people; and on the picture, how many went each way. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { NumbersShown } from '../api-shapes.ts'
import { Empty, Failed, Loading } from '../notice.tsx'
import type { FlowPart } from '../part.ts'
import type { Scene } from '../scene.ts'
import { useAsked } from '../use-asked.ts'
import { useCallEvents } from '../use-call-events.ts'
import { movesIn, placeOf } from '../ways.ts'
import { useWords } from '../words.ts'

export const numbers: FlowPart = { path: 'numbers', label: words => words.calls.numbers, View: Numbers }

/** Milliseconds between two looks, however many calls there are. */
const PAUSE = 2000
/** Keys that are told of each menu, the most pressed first. */
const MOST_KEYS = 12

function Numbers({ scene }: { readonly scene: Scene }) {
  const all = useWords()
  const { calls: words } = all
  const [day, setDay] = useState('')
  const { value, trouble, again } = useAsked(() => ask<NumbersShown>(`/api/flows/${encodeURIComponent(scene.name)}/numbers${day === '' ? '' : `?day=${day}`}`), [scene.name, day])
  useCallEvents(again, PAUSE)
  const { counts, drawn, name } = scene
  useEffect(() => {
    if (value !== undefined) counts(movesIn(drawn, name, value.edges).map(({ from, event, to, count }) => ({ from, edge: event, to, count })))
  }, [value, counts, drawn, name])
  useEffect(() => () => counts([]), [counts])
  const show = (menu: string): void => {
    const { flow, state } = placeOf(menu, name)
    scene.show({ version: scene.drawing?.version, inside: flow === name ? undefined : flow, state })
  }
  if (value === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  const most = Math.max(1, ...value.hours.map(hour => hour.calls))
  return <>
    <div class="filters"><label>{words.day} <input type="date" value={day === '' ? value.day : day} onChange={event => setDay(event.currentTarget.value)} /></label><span>{words.zone(value.timezone)}</span></div>
    <p class="figure" role="status"><strong>{all.ofCalls(value.calls)}</strong>{value.live > 0 && <> · <span class="good">{words.going(value.live)}</span></>}</p>
    {value.calls === 0 ? <Empty title={words.noneToday} /> : <>
      <p class="hint">{words.onPicture}</p>
      <h3>{words.perHour}</h3>
      <ol class="hours">{value.hours.map(({ hour, calls }) => <li key={hour} title={words.hourOf(hour, calls)}><span class="unseen">{words.hourOf(hour, calls)}</span><svg class="bar" viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y={100 - 100 * calls / most} width="10" height={100 * calls / most} /></svg><span class="hour" aria-hidden="true">{hour % 6 === 0 ? hour : ''}</span></li>)}</ol>
      <h3>{words.endedBy}</h3>
      <ul class="plain counted">{value.ends.map(({ reason, count }) => <li key={reason}><span>{words.ends[reason] ?? reason}</span> <strong>{count}</strong></li>)}</ul>
      <h3>{words.human}</h3>
      <p>{value.human.median === null ? <span class="none">{words.humanNone}</span> : words.humanOf(value.human.calls, words.seconds(value.human.median))}</p>
      {value.menus.length > 0 && <><h3>{words.menus}</h3><div class="table-frame"><table class="menus">
        <thead><tr><th scope="col">{words.state}</th><th scope="col">{words.asked}</th><th scope="col">{words.silence}</th><th scope="col">{words.wrong}</th></tr></thead>
        {value.menus.map(menu => <tbody key={menu.state}>
          <tr><th scope="row"><button class="link" onClick={() => show(menu.state)}>{menu.state}</button></th><td>{menu.asked}</td><td>{share(menu.silence, menu.asked)}</td><td>{share(menu.wrong, menu.asked)}</td></tr>
          {menu.keys.length > 0 && <tr class="dead"><td colSpan={4}><div class="dead-keys"><span>{words.deadKeys}:</span>{menu.keys.slice(0, MOST_KEYS).map(({ key, count }) => <span key={key}><kbd>{key}</kbd> ×{count}</span>)}{menu.keys.length > MOST_KEYS && <span>…</span>}</div></td></tr>}
        </tbody>)}
      </table></div></>}
    </>}
  </>
}

function share(part: number, whole: number): string {
  return part === 0 ? '–' : `${part} (${Math.round(100 * part / Math.max(1, whole))} %)`
}
