/** The calls of a flow; one of them as a trace, lit up on the picture of the version that it was on. */
import { useEffect } from 'preact/hooks'
import { ask } from '../api.ts'
import type { RecordedMove, StepShown, TraceShown } from '../api-shapes.ts'
import { togglePlaying, usePlaying } from '../audio.ts'
import { CallList, shownNumber } from '../call-list.tsx'
import { Icon } from '../icon.tsx'
import { Empty, Failed, Loading } from '../notice.tsx'
import type { FlowPart } from '../part.ts'
import { goTo, linkTo } from '../router.ts'
import type { Route } from '../router.ts'
import type { Scene } from '../scene.ts'
import { useAsked } from '../use-asked.ts'
import { useCallEvents } from '../use-call-events.ts'
import { useCalls } from '../use-calls.ts'
import { leaves, movesIn, placeOf } from '../ways.ts'
import { useWords } from '../words.ts'

export const flowCalls: FlowPart = { path: 'calls', label: words => words.calls.name, View: FlowCalls }

/** Milliseconds from an event to the look at what became of it. */
const PAUSE = 120

function FlowCalls({ scene, route }: { readonly scene: Scene; readonly route: Route }) {
  const id = route.query.get('call')
  return id === null ? <List scene={scene} /> : <Trace key={id} id={id} scene={scene} route={route} />
}

function List({ scene }: { readonly scene: Scene }) {
  const { calls: words } = useWords()
  const { calls: found, trouble, more, again } = useCalls({ flow: scene.name })
  if (found === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  if (found.length === 0) return <Empty title={words.none} hint={words.noneHint} />
  return <><CallList calls={found} isOfOne />{more !== undefined && <p><button onClick={more}>{words.more}</button></p>}</>
}

function Trace({ id, scene, route }: { readonly id: string; readonly scene: Scene; readonly route: Route }) {
  const { calls: words, locale } = useWords()
  const { value: call, trouble, again } = useAsked(() => ask<TraceShown>(`/api/calls/${encodeURIComponent(id)}`), [id])
  useCallEvents(again, PAUSE, id)
  const { highlight, glow, drawn } = scene
  const now = call === undefined || call.ended !== null || call.at === null ? undefined : placeOf(call.at, call.flow)
  useEffect(() => {
    if (call === undefined) return
    highlight(movesIn(drawn, call.flow, call.trace.flatMap(movesOf).filter(({ from }) => from !== '')).map(({ from, event, to }) => ({ from, edge: event, to })))
    glow(now?.flow === drawn ? now.state : undefined)
  }, [call, drawn, highlight, glow])
  // it is drawn as it was when the call met it; while the call goes on, the picture goes along into flows that are run
  useEffect(() => {
    if (call === undefined) return
    if (call.flow !== scene.name) goTo(linkTo(['flows', call.flow, 'calls'], { call: call.id, version: call.version }), { replace: true })
    else if (now !== undefined) scene.show({ version: call.version, inside: now.flow === call.flow ? undefined : now.flow })
    else if (route.query.get('version') === null) scene.show({ version: call.version })
  }, [call?.version, now?.flow])
  useEffect(() => () => {
    highlight([])
    glow(undefined)
  }, [highlight, glow])
  const back = <p><a href={linkTo(['flows', scene.name, 'calls'])}>← {words.back}</a></p>
  if (call === undefined) return <>{back}{trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />}</>
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone: call.timezone })
  return <>
    {back}
    <h2>{words.call(shownNumber(call.caller, words))}</h2>
    <p class="sum">{new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: call.timezone }).format(new Date(call.start))} · {shownNumber(call.called, words)} · <code>{call.version.slice(0, 7)}</code></p>
    <h3>{words.trace}</h3>
    <ol class="trace">
      {call.trace.map((step, at) => <Step key={at} step={step} before={call.trace[at - 1]} call={call} scene={scene} time={time.format(new Date(step.at))} />)}
      <li class={`trace-end${call.ended === 'error' ? ' wrong' : ''}`}>
        <p role="status">{call.ended === null ? <span class="good">{words.waits}</span> : words.over(words.ends[call.ended] ?? call.ended, call.seconds === null ? '?' : words.seconds(call.seconds))}</p>
        {call.answered !== null && <p class="sum">{words.talked(call.answered.number, words.seconds(call.answered.seconds))}</p>}
      </li>
    </ol>
    {call.sends.length > 0 && <><h3>{words.sends}</h3><ul class="plain">{call.sends.map(sent => <li key={sent.id}>{sent.kind} → {sent.to} <span class="sum">{sent.item} · {sent.state}{sent.why !== undefined && ` · ${sent.why}`}</span></li>)}</ul></>}
    {call.recordings.length > 0 && <><h3>{words.recordings}</h3><ul class="plain">{call.recordings.map(one => <li key={one.id}>{one.item} <span class="sum">{words.seconds(one.seconds)} · {one.state}</span></li>)}</ul></>}
  </>
}

/** One request: why the call came here, and what it was answered. */
function Step({ step, before, call: { flow, version }, scene, time }: { readonly step: StepShown; readonly before: StepShown | undefined; readonly call: TraceShown; readonly scene: Scene; readonly time: string }) {
  const all = useWords()
  const { calls: words } = all
  const why = step.from === '' ? words.begins : words.events[isDone(step, before) ? 'done' : step.event] ?? (/^[0-9*#]+$/.test(step.event) ? words.pressed(step.event) : step.event)
  const show = (name: string): void => {
    const place = placeOf(name, flow)
    scene.show({ version: step.version, inside: place.flow === flow ? undefined : place.flow, state: place.state })
  }
  const [was, is] = [before?.to ?? '', step.to].map(name => placeOf(name, flow).flow)
  return <li class="step">
    <p class="step-head"><time class="sum">{time}</time> {step.from !== '' && <><button class="link" onClick={() => show(step.from)}>{step.from}</button> <span class="step-why">{why}</span> <Icon name="right" /></>} {step.from === '' && <span class="step-why">{why} <Icon name="right" /></span>} {step.to === 'end' || step.to === '' ? <span class="none">{all.endsCall}</span> : <button class="link step-to" onClick={() => show(step.to)}>{step.to}</button>}</p>
    {is !== undefined && is !== was && !leaves(step.to) && <p class="sum">{is === flow ? words.backIn(is) : words.inFlow(is)}</p>}
    {step.pressed !== undefined && <p class="sum">{words.wrongKey(step.pressed)}</p>}
    {step.keys !== undefined && <p class="sum">{words.keys(step.keys)}</p>}
    {step.via !== undefined && step.via.length > 0 && <p class="sum">{words.passed(step.via.join(', '))}</p>}
    {step.holiday !== undefined && <p class="sum">{words.holiday(step.holiday)}</p>}
    {step.reason !== undefined && <p class="sum">{step.reason}</p>}
    {step.heard.length > 0 && <ul class="step-heard">{step.heard.map((sound, at) => <li key={at}><Heard sound={sound} flow={scene.name} /></li>)}</ul>}
    {step.numbers !== undefined && step.numbers.length > 0 && <p class="sum">{words.rang(step.numbers.join(', '))}</p>}
    {step.last === true && <p class="sum">{words.last}</p>}
    {step.broke === true && <p class="wrong">{words.broke}</p>}
    <p class="sum step-took">{words.took(step.ms)}{step.version !== version && <> · <code>{step.version.slice(0, 7)}</code></>}</p>
  </li>
}

function Heard({ sound, flow }: { readonly sound: StepShown['heard'][number]; readonly flow: string }) {
  const words = useWords()
  const playing = usePlaying()
  const hash = /^\/audio\/([0-9a-f]+)\//.exec(sound.address ?? '')?.[1]
  const address = hash === undefined ? undefined : `/api/flows/${encodeURIComponent(flow)}/sound/${hash}`
  const isOn = address !== undefined && playing === address
  return <>
    {address !== undefined && <button class={`play small${isOn ? ' on' : ''}`} aria-label={isOn ? words.pause(sound.name) : words.play(sound.name)} onClick={() => togglePlaying(address)}><Icon name={isOn ? 'stop' : 'start'} /></button>}
    <span>{sound.text === undefined ? sound.name : `“${sound.text}”`}</span>
  </>
}

/** Whether a state went well that rang nobody: nothing was answered there. */
function isDone(step: StepShown, before: StepShown | undefined): boolean {
  return step.event === 'success' && (before?.numbers ?? []).length === 0
}

function movesOf(step: StepShown): readonly RecordedMove[] {
  return step.moves ?? [step]
}
