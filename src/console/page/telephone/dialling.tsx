/** Who calls, which line, when and in what language; and the key that dials. */
import type { Scene } from '../scene.ts'
import { createStore, useStore } from '../store.ts'
import { useWords } from '../words.ts'
import { dial } from './call.ts'
import type { TestCall, Wanted } from './call.ts'

interface Chosen {
  readonly from: string
  readonly isHidden: boolean
  readonly line: string
  readonly at: string
  readonly language: string
  readonly lines: string
}

const NOTHING: Chosen = { from: '', isHidden: false, line: '', at: '', language: '', lines: '' }
/** What was chosen last, for each flow: it is kept while somebody looks elsewhere. */
const chosen = createStore<Readonly<Record<string, Chosen>>>({})

export function Dialling({ scene: { name, flow }, call }: { readonly scene: Scene; readonly call: TestCall | undefined }) {
  const words = useWords().telephone
  const own = useStore(chosen)[name] ?? NOTHING
  const choose = (part: Partial<Chosen>): void => chosen.set({ ...chosen.get(), [name]: { ...own, ...part } })
  const { numbers = [], languages = [], timezone } = flow
  const wanted: Wanted = {
    flow: name, ...(own.isHidden ? { from: 'hidden' } : own.from.trim() === '' ? {} : { from: own.from.replace(/[\s()-]/g, '') }), ...(own.line === '' ? {} : { line: own.line }), ...(own.at === '' ? {} : { at: own.at }),
    ...(own.language === '' ? {} : { language: own.language }), ...(own.lines === '' ? {} : { lines: { default: own.lines } }),
  }
  const isUsual = Object.values(own).every(one => one === '' || one === false)
  return <form class="dialling" onSubmit={event => { event.preventDefault(); void dial(wanted) }}>
    <button class="dial" disabled={call?.phase === 'dialling' || flow.live === null}>{call === undefined || call.phase === 'refused' ? words.dial : words.again}</button>
    <details class="choosing" open={!isUsual}>
      <summary>{words.settings}</summary>
      <div class="fields">
        <label>{words.from}<input type="tel" value={own.from} placeholder="+46701740699" disabled={own.isHidden} onInput={event => choose({ from: event.currentTarget.value })} /></label>
        <label class="check"><input type="checkbox" checked={own.isHidden} onChange={event => choose({ isHidden: event.currentTarget.checked })} /> {words.hidden}</label>
        {numbers.length > 1 && <label>{words.line}<select value={own.line} onChange={event => choose({ line: event.currentTarget.value })}><option value="">{numbers[0]}</option>{numbers.slice(1).map(number => <option key={number} value={number}>{number}</option>)}</select></label>}
        <label>{words.at}<input type="datetime-local" value={own.at} onInput={event => choose({ at: event.currentTarget.value })} /><span class="hint">{words.atHint}{timezone !== undefined && ` (${timezone})`}</span></label>
        {languages.length > 1 && <label>{words.language}<select value={own.language} onChange={event => choose({ language: event.currentTarget.value })}><option value="">{languages[0]}</option>{languages.slice(1).map(one => <option key={one} value={one}>{one}</option>)}</select></label>}
        <label>{words.lines}<select value={own.lines} onChange={event => choose({ lines: event.currentTarget.value })}><option value="">{words.asks}</option><option value="success">{words.answer}</option><option value="busy">{words.busy}</option><option value="failed">{words.failed}</option></select></label>
      </div>
    </details>
  </form>
}
