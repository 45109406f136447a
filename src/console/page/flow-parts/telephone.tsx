/** The telephone beside the picture: dial the flow, hear it, press keys, and see where the call is. */
import { useEffect, useMemo } from 'preact/hooks'
import { deskOf, isDirty } from '../edit/desk.ts'
import { Empty } from '../notice.tsx'
import type { FlowPart } from '../part.ts'
import { linkTo } from '../router.ts'
import type { Scene } from '../scene.ts'
import { useStore } from '../store.ts'
import { act, useCall } from '../telephone/call.ts'
import type { TestCall } from '../telephone/call.ts'
import { Caption } from '../telephone/caption.tsx'
import { Dialling } from '../telephone/dialling.tsx'
import { Finished, Save } from '../telephone/finished.tsx'
import { Keypad } from '../telephone/keypad.tsx'
import { Requests, Transcript } from '../telephone/transcript.tsx'
import { useWords } from '../words.ts'

export const telephone: FlowPart = { path: 'telephone', label: words => words.telephone.name, View: Telephone }

function Telephone({ scene }: { readonly scene: Scene }) {
  const words = useWords().telephone
  const call = useCall()
  const mine = call?.wanted.flow === scene.name ? call : undefined
  useLights(scene, mine)
  const isOn = mine?.phase === 'on'
  useKeyboard(isOn)
  const isWritten = isDirty(useStore(useMemo(() => deskOf(scene.name), [scene.name]).state))
  if (scene.flow.answers !== true) return <Empty title={words.cannotCall} />
  return <div class="telephone">
    {mine === undefined || mine.phase === 'refused' ? <p class="hint">{words.hint}</p> : <Caption call={mine} />}
    {isWritten && <p class="warned" role="status">{words.notWritten(scene.flow.live?.slice(0, 7) ?? '')} <a href={linkTo(['flows', scene.name, 'edit'])}>{words.toText}</a></p>}
    {mine !== undefined && mine.begun !== undefined && mine.begun.live !== scene.flow.live && isOn && <p class="hint">{words.oldVersion(mine.begun.live.slice(0, 7))}</p>}
    {mine?.phase === 'lost' && <p class="wrong" role="alert">{words.lost}</p>}
    {mine?.trouble !== undefined && <p class="wrong" role="alert">{mine.trouble}</p>}
    {isOn && <Keypad call={mine} />}
    {mine?.phase === 'over' && <Finished call={mine} />}
    {!isOn && <Dialling scene={scene} call={mine} />}
    {mine?.phase === 'over' && mine.begun !== undefined && <Save key={mine.begun.id} id={mine.begun.id} />}
    {mine !== undefined && mine.events.length > 0 && <><Transcript events={mine.events} /><Requests events={mine.events} /></>}
  </div>
}

/** The state where the call is glows; once it is over, its way through the flow is lit. */
function useLights(scene: Scene, call: TestCall | undefined): void {
  const { name, glow, highlight } = scene
  const place = call?.phase === 'on' ? call.place : undefined
  useEffect(() => glow(place === undefined ? undefined : [place, ...place.outside].find(one => one.flow === name)?.state), [place, name])
  const way = call?.phase === 'over' ? call.path[name] : undefined
  useEffect(() => highlight(way ?? []), [way])
  useEffect(() => () => {
    glow(undefined)
    highlight([])
  }, [name])
}

/** The keys of the keyboard, wherever nobody writes and the picture is not walked. */
function useKeyboard(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined
    const press = (event: KeyboardEvent): void => {
      const { key, target } = event
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9*#]$/.test(key)) return
      if ((target as HTMLElement).closest('input, textarea, select, [contenteditable], .stage') !== null) return
      event.preventDefault()
      void act({ press: key })
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [isOn])
}
