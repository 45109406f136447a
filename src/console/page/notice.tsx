/** What stands where there is nothing, nothing yet, or where something failed. */
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from './words.ts'

export function Empty({ title, hint }: { readonly title: string; readonly hint?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{hint !== undefined && <p>{typeof hint === 'string' ? <Ticked text={hint} /> : hint}</p>}</div>
}

/** A short wait says nothing: a word that flashes up is noise. */
export function Loading() {
  const words = useWords()
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return <p class="loading" role="status">{isLong ? words.loading : ''}</p>
}

export function Failed({ why, again }: { readonly why: string; readonly again?: () => void }) {
  const words = useWords()
  return <div class="empty" role="alert"><p class="empty-title">{words.failed}</p><p lang="en"><Ticked text={why} /></p>{again !== undefined && <p><button onClick={again}>{words.retry}</button></p>}</div>
}

/** A text with `names` in ticks, the names as code. */
export function Ticked({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, at) => at % 2 === 1 ? <code key={at}>{part}</code> : part)}</>
}
