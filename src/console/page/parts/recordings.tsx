/** Recordings: heard, kept as a file, and fetched anew where they did not come. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { RecordingShown, RecordingsShown } from '../api-shapes.ts'
import { onEvent } from '../live.ts'
import { Empty, Failed, Loading } from '../notice.tsx'
import type { Part } from '../part.ts'
import { linkTo } from '../router.ts'
import { Ago } from '../times.tsx'
import { useAsked } from '../use-asked.ts'
import { useWords } from '../words.ts'

export const recordings: Part = { path: 'recordings', label: words => words.recordings, View: Recordings }

function Recordings() {
  const words = useWords()
  const { value, trouble, again } = useAsked(() => ask<RecordingsShown>('/api/recordings?most=300'), [])
  useEffect(() => onEvent('recording', again), [])
  if (value === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  return <div class="sheet">
    <div class="sheet-head"><h1>{words.recordings}</h1></div>
    {value.recordings.length === 0 ? <Empty title={words.noRecordings} hint={words.noRecordingsHint} /> : <ul class="cards">{value.recordings.map(one => <Recording key={one.id} one={one} changed={again} />)}</ul>}
  </div>
}

function Recording({ one, changed }: { readonly one: RecordingShown; readonly changed: () => void }) {
  const words = useWords()
  const [trouble, setTrouble] = useState<string>()
  const address = `/api/recordings/${one.id}.wav`
  const label = `${one.flow}, ${one.item === '' ? words.wholeCall : one.item}`
  const retry = (): void => {
    ask(`/api/recordings/${one.id}/retry`, { method: 'POST', json: {} }).then(() => setTrouble(undefined), (error: unknown) => setTrouble(words.notDone((error as Error).message))).finally(changed)
  }
  return <li class={`card-item${one.state === 'lost' ? ' bad' : ''}`}>
    <div class="card-head">
      <h2>{label}</h2>
      <span class={`state-badge ${one.state === 'here' ? 'live' : one.state === 'lost' ? 'refused' : 'waiting'}`}>{words.recordingStates[one.state] ?? one.state}</span>
    </div>
    <p class="sum"><Ago at={one.noticed} /> · {words.calls.seconds(one.seconds)} · <a href={linkTo(['flows', one.flow, 'calls'], { call: one.call })}>{words.theCall}</a>{one.next !== undefined && <> · {words.nextTry} <Ago at={one.next} /></>}</p>
    {one.why !== undefined && <p class={one.state === 'lost' ? 'wrong' : 'sum'} lang="en">{one.why}</p>}
    {trouble !== undefined && <p class="wrong" role="alert">{trouble}</p>}
    {one.state === 'here' && <audio controls preload="none" src={address} aria-label={label} />}
    <div class="choices">
      {one.state === 'here' ? <a class="button" href={address} download={`${one.id}.wav`}>{words.download}</a> : <button onClick={retry}>{words.fetchAgain}</button>}
    </div>
  </li>
}
