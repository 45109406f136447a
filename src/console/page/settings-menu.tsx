/** Colours, language, and the way out. */
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { choose, useSettings } from './settings.ts'
import type { Language, Theme } from './settings.ts'
import { useWords } from './words.ts'

const LANGUAGES: readonly (readonly [Language, string])[] = [['en', 'English'], ['sv', 'Svenska']]
const hasSession = (): boolean => document.querySelector<HTMLMetaElement>('meta[name=session]')?.content === 'yes'

export function SettingsMenu() {
  const words = useWords()
  const { theme, language } = useSettings()
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event): void => {
      const own = menu.current
      if (own === null || !own.open) return
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !own.contains(event.target as Node)) {
        own.open = false
        if (event instanceof KeyboardEvent) own.querySelector('summary')?.focus()
      }
    }
    addEventListener('keydown', close)
    addEventListener('pointerdown', close)
    return () => {
      removeEventListener('keydown', close)
      removeEventListener('pointerdown', close)
    }
  }, [])
  return <details class="settings" ref={menu}>
    <summary aria-label={words.settings} title={words.settings}><Icon name="settings" /></summary>
    <div class="settings-panel">
      <fieldset>
        <legend>{words.theme}</legend>
        {(['auto', 'light', 'dark'] as const satisfies readonly Theme[]).map(one => <label key={one}><input type="radio" name="theme" checked={theme === one} onChange={() => choose({ theme: one })} />{words.themes[one]}</label>)}
      </fieldset>
      <fieldset>
        <legend>{words.language}</legend>
        {LANGUAGES.map(([code, name]) => <label key={code} lang={code}><input type="radio" name="language" checked={language === code} onChange={() => choose({ language: code })} />{name}</label>)}
      </fieldset>
      {hasSession() && <form method="post" action="/logout"><button>{words.logout}</button></form>}
    </div>
  </details>
}
