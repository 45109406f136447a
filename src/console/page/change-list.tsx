/** What changes for callers, in words. */
import type { FlowChange } from './api-shapes.ts'
import { Ticked } from './notice.tsx'
import { useWords } from './words.ts'

/** Changes that are told one by one; of more, how many there are. */
const MOST = 60

/** `flow`: the flow whose name need not be said. */
export function ChangeList({ changes, flow }: { readonly changes: readonly FlowChange[]; readonly flow: string }) {
  const words = useWords()
  if (changes.length === 0) return <p class="none">{words.noChanges}</p>
  return <ul class="changes">
    {changes.slice(0, MOST).map((change, at) => <li key={at} class={`change ${change.kind}`} lang="en">{change.flow !== flow && <><code>{change.flow}</code> </>}<Ticked text={change.text} /></li>)}
    {changes.length > MOST && <li class="none">{words.andMore(changes.length - MOST)}</li>}
  </ul>
}
