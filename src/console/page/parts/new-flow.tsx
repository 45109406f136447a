/** A flow that is not there yet: named, begun from a starter, and made when it is saved. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { FlowShown } from '../api-shapes.ts'
import { deskOf, isDirty, newDesk } from '../edit/desk.ts'
import type { Desk } from '../edit/desk.ts'
import { EditView } from '../edit/edit-view.tsx'
import { starter } from '../edit/starter.ts'
import { useLive } from '../live.ts'
import type { Part } from '../part.ts'
import { Picture } from '../picture/picture.tsx'
import { goTo, linkTo } from '../router.ts'
import { createLighting } from '../scene.ts'
import type { Draft, Scene } from '../scene.ts'
import { problemsByState } from '../state-problems.ts'
import { useStore } from '../store.ts'
import { useWords } from '../words.ts'

export const newFlow: Part = { path: 'new', View: NewFlow }

const NAME = /^[a-z][a-z0-9_-]{0,63}$/

function NewFlow() {
  const words = useWords()
  const { state } = useLive()
  const [desk, setDesk] = useState<Desk>()
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState<string>()
  if (desk !== undefined) return <Writing desk={desk} discard={() => setDesk(undefined)} />
  const begin = (event: Event): void => {
    event.preventDefault()
    const taken = state?.flows.some(flow => flow.name === name) === true
    if (!NAME.test(name) || taken) return setWrong(taken ? words.newFlowTaken(name) : words.newFlowBadName)
    setDesk(isDirty(deskOf(name).state.get()) ? deskOf(name) : newDesk(name, starter(name, words.locale.slice(0, 2), words.starterText)))
  }
  return <div class="sheet">
    <div class="sheet-head"><h1>{words.newFlow}</h1></div>
    <form class="card-item new-flow" onSubmit={begin}>
      <label for="new-name">{words.newFlowName}</label>
      <input id="new-name" value={name} autocomplete="off" autocapitalize="off" spellcheck={false} maxLength={64} aria-describedby="new-hint" onInput={event => { setName(event.currentTarget.value); setWrong(undefined) }} />
      <p id="new-hint" class="hint">{words.newFlowNameHint}</p>
      {wrong !== undefined && <p class="wrong" role="alert">{wrong}</p>}
      <div class="choices"><button class="primary">{words.begin}</button></div>
    </form>
  </div>
}

function Writing({ desk, discard }: { readonly desk: Desk; readonly discard: () => void }) {
  const words = useWords()
  const { name } = desk
  const { saved } = useStore(desk.state)
  const lighting = useMemo(createLighting, [])
  const [written, setWritten] = useState<Draft>()
  const { draft: drawing, said } = written ?? {}
  const problems = useMemo(() => problemsByState(said?.problems ?? [], name, said?.text ?? ''), [said])
  const [selected, select] = useState<string>()
  // once it is there, it is a flow like any other
  useEffect(() => {
    if (saved?.is === 'live') goTo(linkTo(['flows', name, 'edit']), { replace: true })
  }, [saved])
  const flow: FlowShown = { version: 1, name, state: 'waiting', live: null, refused: null, calls: [], source: null, graph: null, problems: [] }
  const scene: Scene = { name, flow, ...lighting, selected, drawn: name, problems, drawing, select, show: what => { if (what !== undefined && 'draft' in what) setWritten(what) } }
  return <div class="flow-view">
    <div class="flow-head"><h1>{name}</h1><span class="state-badge waiting">{words.newFlow}</span><button class="link" onClick={discard}>{words.cancel}</button></div>
    <div class="flow-body wide">
      <section class="stage" aria-label={words.picture}>{drawing === undefined ? <p class="empty">{words.changesUnknown}</p> : <Picture scene={scene} />}</section>
      <aside class="side" aria-label={words.edit}><div class="side-body"><EditView desk={desk} scene={scene} /></div></aside>
    </div>
  </div>
}
