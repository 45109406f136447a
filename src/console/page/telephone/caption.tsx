/** What is heard, as text, and what the call waits for: a test call can be made without sound. */
import { useEffect, useState } from 'preact/hooks'
import { linkTo } from '../router.ts'
import { useWords } from '../words.ts'
import type { TestCall } from './call.ts'
import { mute, useMuted } from './speaker.ts'

export function Caption({ call }: { readonly call: TestCall }) {
  const words = useWords().telephone
  const isMuted = useMuted()
  const { heard, isHeard, place, phase, keys } = call
  const said = heard === undefined ? '' : heard.trouble !== undefined ? words.instead(heard.trouble) : heard.text === undefined ? heard.name : `“${heard.text}”`
  return <div class="caption">
    <div class="caption-head">
      <h2>{phase === 'dialling' ? words.dialling : phase === 'over' || phase === 'lost' ? words.over : place === undefined ? words.dialling : words.inState(place.state)}</h2>
      <button class="mute" aria-pressed={isMuted} onClick={() => mute(!isMuted)}>{isMuted ? words.soundOff : words.soundOn}</button>
    </div>
    {place !== undefined && phase === 'on' && place.flow !== call.wanted.flow && <p class="sum"><a href={linkTo(['flows', place.flow], { state: place.state })}>{words.elsewhere(place.flow)}</a></p>}
    <p class={`caption-text${isHeard ? ' now' : ''}`} role="log" aria-live="polite" aria-label={words.heard}>{said}{heard !== undefined && heard.round > 1 && <span class="sum"> {words.time(heard.round)}</span>}</p>
    {phase === 'on' && <p class="awaited"><Awaited call={call} />{keys !== '' && <span class="pressed">{words.pressed(keys)}</span>}</p>}
  </div>
}

function Awaited({ call: { awaits, counting, isTalking } }: { readonly call: TestCall }) {
  const words = useWords().telephone
  if (isTalking) return <span>{words.talking}</span>
  switch (awaits?.what) {
    case 'keys': return <span>{words.keysWanted(awaits.digits)}{counting !== undefined && <> · <Countdown {...counting} /></>}</span>
    case 'line': return <span>{words.rings(awaits.numbers.join(', '))}</span>
    case 'speech': return <span>{words.recording}</span>
    default: return null
  }
}

/** Seconds that are left, counted by the page's clock. */
function Countdown({ since, seconds }: { readonly since: number; readonly seconds: number }) {
  const words = useWords().telephone
  const [, again] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => again(count => count + 1), 250)
    return () => clearInterval(timer)
  }, [since])
  return <span class="countdown">{words.left(Math.max(0, Math.ceil(seconds - (performance.now() - since) / 1000)))}</span>
}
