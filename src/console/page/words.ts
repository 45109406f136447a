/** Every text of the page, in the language that was chosen. */
import { useSettings } from './settings.ts'
import { en } from './words/en.ts'
import { sv } from './words/sv.ts'
import type { Words } from './words/en.ts'

export type { Words } from './words/en.ts'

export function useWords(): Words {
  return useSettings().language === 'sv' ? sv : en
}
