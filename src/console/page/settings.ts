/** What a person chose for this page: kept in the browser. */
import { createStore, useStore } from './store.ts'

export type Theme = 'auto' | 'light' | 'dark'
export type Language = 'en' | 'sv'

export interface Settings {
  readonly theme: Theme
  readonly language: Language
}

const KEY = 'tonval'
const settings = createStore<Settings>({ theme: 'auto', language: 'en' })

/** Reads what was chosen; the language is the browser's until somebody chooses. */
export function readSettings(): void {
  const own = navigator.language.toLowerCase().startsWith('sv') ? 'sv' : 'en'
  let kept: Partial<Settings> = {}
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>
  } catch {
    // a browser that keeps nothing
  }
  apply({ theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'auto', language: kept.language === 'en' || kept.language === 'sv' ? kept.language : own })
}

export function useSettings(): Settings {
  return useStore(settings)
}

export function choose(part: Partial<Settings>): void {
  apply({ ...settings.get(), ...part })
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.get()))
  } catch {
    // it holds until the page is closed
  }
}

function apply(next: Settings): void {
  settings.set(next)
  const { documentElement } = document
  documentElement.lang = next.language
  if (next.theme === 'auto') delete documentElement.dataset['theme']
  else documentElement.dataset['theme'] = next.theme
}
