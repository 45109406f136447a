import { languagesOf, wordingsOf } from '../../compile/languages.ts'
import { quoted } from '../../validate/words.ts'
import type { Rule } from '../rule.ts'

export const untranslatedPrompt: Rule = {
  name: 'untranslated-prompt',
  severity: 'warning',
  why: 'A caller who chose a language hears another one: the first of `languages` stands in where a wording is missing.',
  valid: `
start: language
languages: [sv, en]
prompts:
  bye: { sv: { file: bye.mp3 }, en: { file: thanks.mp3 } }
states:
  language: { ivr: ask.mp3, on: { 1: desk, 2: english, noinput: desk, nomatch: desk, failed: desk } }
  english: { set: { language: en }, next: desk }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye, next: end }
`,
  invalid: `
start: language
languages: [sv, en]
prompts:
  bye: { sv: { file: bye.mp3 } }
states:
  language: { ivr: ask.mp3, on: { 1: desk, 2: english, noinput: desk, nomatch: desk, failed: desk } }
  english: { set: { language: en }, next: desk }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye, next: end }
`,
  check({ data, outside, tell }) {
    const [first, ...others] = languagesOf(data)
    for (const [name, prompt] of Object.entries(data.prompts ?? {})) {
      const wordings = wordingsOf(prompt)
      const missing = wordings === undefined || !outside.promptsUsed.has(name) ? [] : others.filter(language => !Object.hasOwn(wordings, language))
      if (missing.length === 0) continue
      tell(['prompts', name], {
        message: `the prompt \`${name}\` has no wording in ${quoted(missing)}`, effect: `callers who chose ${missing.length === 1 ? 'that language' : 'one of these'} would hear it in \`${first}\``,
        help: `add \`${missing[0]}: { file: … }\`; one sound for all languages is written without them, as in \`${name}: { file: … }\``,
      }, 'key')
    }
  },
}
