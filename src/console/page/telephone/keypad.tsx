/** The keys of the telephone, and what else can be done while a call goes on. */
import { useWords } from '../words.ts'
import { act } from './call.ts'
import type { TestCall } from './call.ts'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const SPEECH = [3, 15]

export function Keypad({ call: { awaits, isTalking } }: { readonly call: TestCall }) {
  const words = useWords().telephone
  const leading = awaits?.what === 'keys' ? awaits.keys : []
  return <>
    <div class="choices"><Choices awaits={awaits} isTalking={isTalking} /></div>
    <div class="keypad" role="group" aria-label={words.keypad}>
      {KEYS.map(key => <button key={key} class={leading.includes(key) ? 'leads' : ''} aria-label={words.key(key)} onClick={() => void act({ press: key })}>{key}</button>)}
    </div>
    <div class="hooks">
      <button onClick={() => void act({ silence: true })} title={words.silenceHint}>{words.silence}</button>
      <button class="hang-up" onClick={() => void act({ hangUp: true })}>{words.hangUp}</button>
    </div>
  </>
}

/** What can be done besides keys. The room for it stays, so that no key moves away below a finger. */
function Choices({ awaits, isTalking }: Pick<TestCall, 'awaits' | 'isTalking'>) {
  const words = useWords().telephone
  if (isTalking) return <button onClick={() => void act({ theyHangUp: true })}>{words.theyHangUp}</button>
  if (awaits?.what === 'line' && !awaits.isKnown) return <>
    <button onClick={() => void act({ line: 'success' })}>{words.answers}</button>
    <button onClick={() => void act({ line: 'busy' })}>{words.isBusy}</button>
    <button onClick={() => void act({ line: 'failed' })}>{words.noAnswer}</button>
  </>
  if (awaits?.what === 'speech') return <>
    {SPEECH.map(seconds => <button key={seconds} onClick={() => void act({ speak: seconds })}>{words.speak(seconds)}</button>)}
    <button onClick={() => void act({ silence: true })}>{words.say}</button>
  </>
  return <p class="hint">{words.keysHint}</p>
}
