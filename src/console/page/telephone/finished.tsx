/** A call that is over: how the carrier judged it, and how it is kept. */
import { useState } from 'preact/hooks'
import { ApiError, ask, askText } from '../api.ts'
import type { JsonProblem } from '../api-shapes.ts'
import { ProblemList } from '../problem-list.tsx'
import { useWords } from '../words.ts'
import type { TestCall } from './call.ts'
import type { PhoneEvent } from '../api-shapes.ts'

export function Finished({ call }: { readonly call: TestCall }) {
  const words = useWords().telephone
  const end = call.events.find((event): event is PhoneEvent & { kind: 'end' } => event.kind === 'end')
  const over = call.events.find((event): event is PhoneEvent & { kind: 'over' } => event.kind === 'over')
  if (over === undefined) return null
  return <div class="finished">
    <p role="status">{end !== undefined && <>{capital(words.ends[end.ended] ?? end.ended)}. </>}{words.went(String(Math.round(over.seconds)))}</p>
    <p class={over.ok && over.warnings === 0 ? 'fine' : over.ok ? 'warned' : 'wrong'}>{over.trouble ?? (over.ok ? (over.warnings === 0 ? words.good : words.warned(over.warnings)) : words.bad)}</p>
  </div>
}

interface Kept {
  readonly file?: string
  readonly name?: string
  readonly why?: string
  readonly problems?: readonly JsonProblem[]
}

/** Keeps the call among those that every edit is held against. */
export function Save({ id }: { readonly id: string }) {
  const words = useWords().telephone
  const [name, setName] = useState('')
  const [kept, setKept] = useState<Kept>()
  const [script, setScript] = useState<string>()
  const save = async (): Promise<void> => {
    try {
      setKept(await ask<Kept>(`/api/phone/${id}/save`, { method: 'POST', json: { name } }))
    } catch (error) {
      const { message, body } = error as ApiError
      const problems = (body as { problems?: readonly JsonProblem[] } | undefined)?.problems
      setKept(problems === undefined ? { why: message } : { problems })
    }
  }
  const show = (isOpen: boolean): void => {
    if (isOpen) askText(`/api/phone/${id}/script`).then(setScript, (error: unknown) => setScript((error as Error).message))
  }
  return <>
    <form class="save" onSubmit={event => { event.preventDefault(); void save() }}>
      <h3>{words.save}</h3>
      <p class="hint">{words.saveHint}</p>
      <label>{words.saveName}<input value={name} maxLength={200} required onInput={event => setName(event.currentTarget.value)} /></label>
      <button>{words.doSave}</button>
    </form>
    <div role="status">
      {kept?.file !== undefined && <p class="fine">{words.saved(kept.name ?? name, kept.file)}</p>}
      {kept !== undefined && kept.file === undefined && <p class="wrong">{words.notSaved} {kept.why}</p>}
    </div>
    {kept?.problems !== undefined && <ProblemList problems={kept.problems} />}
    <details class="raw" onToggle={event => show(event.currentTarget.open)}><summary>{words.script}</summary><pre tabIndex={0}>{script ?? ''}</pre></details>
  </>
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
