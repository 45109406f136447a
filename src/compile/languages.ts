/** The languages of a flow: what it declares, what its prompts say in each, and what names one that it does not have. */
import { entryOf } from '../parse/tree.ts'
import type { Path } from '../parse/tree.ts'
import type { Span } from '../problem/problem.ts'
import type { FlowData, PromptData } from '../validate/document.ts'
import { quoted } from '../validate/words.ts'
import { alsoAt, placeIn, tell } from './context.ts'
import type { Context } from './context.ts'
import { oneOf } from './sound.ts'
import type { Sound } from './sound.ts'
import { hasValues } from './template.ts'

/** A recording, its words, or both. */
export interface Wording {
  readonly file?: string
  readonly text?: string
}

/** The languages of a flow, the first of which stands in for what others lack. A flow that declares none has one. */
export function languagesOf({ languages, language = 'en' }: Pick<FlowData, 'languages' | 'language'>): readonly [string, ...string[]] {
  const [first = language, ...others] = new Set(languages)
  return [first, ...others]
}

/** The language in which calls of a flow begin. */
export function firstSpoken(data: Pick<FlowData, 'languages' | 'language'>): string {
  return data.language ?? languagesOf(data)[0]
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** `English`; undefined for a code that has no name. */
export function languageName(code: string): string | undefined {
  try {
    return names.of(code)
  } catch {
    return undefined
  }
}

/** What a prompt says in each language; undefined for one that says nothing of languages. */
export function wordingsOf(prompt: PromptData): Readonly<Record<string, Wording>> | undefined {
  const isPlain = typeof prompt === 'string' || Array.isArray(prompt) || 'file' in prompt || 'text' in prompt
  return isPlain ? undefined : (prompt as Readonly<Record<string, Wording>>)
}

/** The sound of a prompt that is worded in several languages. `compileOne`: that of one wording. */
export function translate(context: Context, used: Path, name: string, wordings: Readonly<Record<string, Wording>>, silence: Sound, compileOne: (language: string, wording: Wording) => Sound): Sound {
  const own = languagesOf(context.document.data)
  const sounds = new Map(own.flatMap(language => (Object.hasOwn(wordings, language) ? [[language, compileOne(language, wordings[language] as Wording)] as const] : [])))
  const first = sounds.get(own[0])
  // a wording under a language that is not there is probably the one that is missing
  if (first === undefined && Object.keys(wordings).every(language => own.includes(language))) {
    tell(context, ['prompts', name], {
      code: 'missing-translation', message: `the prompt \`${name}\` has no wording in \`${own[0]}\`, the first of \`languages\``, effect: `callers who hear \`${own[0]}\`, or a language that it lacks, would hear nothing`,
      help: `add \`${own[0]}: { file: … }\`: the first language stands in for the others`, ...(used[0] === 'prompts' ? {} : { related: [alsoAt(context, used, 'it is used here')] }),
    }, 'key')
  }
  const otherwise = first ?? silence
  context.spoken.used = true
  return oneOf({ kind: 'translated', sounds: [...context.spoken.languages.map(language => sounds.get(language) ?? otherwise), otherwise] })
}

/** A place that names a language. */
interface Use {
  readonly language: string
  readonly path: Path
  readonly span: Span
  readonly effect: string
}

/** Tells which languages are named and not declared, or declared twice. */
export function checkLanguages(context: Context): void {
  const { data, whole } = context.document
  data.languages?.forEach((language, index, all) => {
    const first = all.indexOf(language)
    if (first < index) tell(context, ['languages', index], { code: 'bad-value', message: `\`${language}\` is listed twice`, help: 'delete one of them', related: [{ file: context.document.tree.file, span: placeIn(context, ['languages', first]).value, message: 'the other one is here' }] })
  })
  // languages that could not be read are not missing
  if (data.languages === undefined && !whole) return
  const own = languagesOf(data)
  const uses = [...headUses(context), ...promptUses(context), ...setUses(context)]
  for (const { language } of uses) if (own.includes(language)) context.used.add(`language ${language}`)
  const unknown = uses.filter(use => !own.includes(use.language))
  if (data.languages === undefined) tellNoLanguages(context, own[0], uses, unknown)
  else for (const { language, path, span, effect } of unknown) {
    context.missing.push({
      kind: 'language', name: language, path, span, told: { code: 'unknown-language', message: `\`${language}\` is none of this flow's languages`, effect },
      known: () => own, help: `list it under \`languages:\`; there ${own.length === 1 ? 'is' : 'are'} ${quoted(own)}`, write: word => word,
    })
  }
}

/** A wording that stands in the column of the prompts: one that nothing plays, and that is called as a language. */
export function checkMisplaced(context: Context): void {
  const { languages, prompts } = context.document.data
  for (const name of Object.keys(prompts ?? {})) {
    if (languages?.includes(name) !== true || context.promptsUsed.has(name)) continue
    tell(context, ['prompts', name], { code: 'unknown-field', message: `\`${name}\` is a language, and stands among the prompts`, effect: 'nobody would ever hear this wording', help: 'write it below the prompt that it is a wording of, further to the right' }, 'key')
  }
}

/** A file that words prompts in several languages and does not say which it has: one mistake, however many prompts. */
function tellNoLanguages(context: Context, own: string, uses: readonly Use[], unknown: readonly Use[]): void {
  const [first] = unknown
  if (first === undefined) return
  const { root, text } = context.document.tree
  const named = [...new Set([...(context.document.data.language === undefined ? [] : [own]), ...uses.map(use => use.language)])]
  const line = `languages: [${named.join(', ')}]`
  const start = (entryOf(root, 'language') ?? entryOf(root, 'prompts') ?? entryOf(root, 'states'))?.key.span.start
  const isOnLine = start !== undefined && (start === 0 || text[start - 1] === '\n')
  tell(context, first.path, {
    code: 'unknown-language', span: first.span, message: `this flow does not say that it has \`${first.language}\``, effect: first.effect, help: `add \`${line}\` at the top, the language first that stands in for the others`,
    ...(isOnLine ? { fix: { safe: false, edits: [{ span: { start, end: start }, text: `${line}\n` }] } } : {}),
  })
}

function headUses(context: Context): Use[] {
  const { language, languages } = context.document.data
  return language === undefined || languages === undefined ? [] : [{ language, path: ['language'], span: placeIn(context, ['language']).value, effect: 'calls would begin in a language that no prompt has' }]
}

function promptUses(context: Context): Use[] {
  return Object.entries(context.document.data.prompts ?? {}).flatMap(([name, prompt]) => Object.keys(wordingsOf(prompt) ?? {}).map((language): Use => {
    const place = placeIn(context, ['prompts', name, language])
    return { language, path: ['prompts', name, language], span: place.key ?? place.value, effect: 'nobody would ever hear this wording' }
  }))
}

/** Those of texts without a value: what a value will hold, nobody knows. */
function setUses(context: Context): Use[] {
  return context.found.flatMap(({ data, path }) => {
    const language = (data?.['set'] as Readonly<Record<string, unknown>> | undefined)?.['language']
    const at = [...path, 'set', 'language']
    if (typeof language === 'object') tell(context, at, { code: 'bad-value', message: 'a language cannot be drawn', help: 'write its code, as in `language: sv`, or a value that holds one' })
    if (typeof language !== 'string' || hasValues(language)) return []
    return [{ language, path: at, span: placeIn(context, at).value, effect: 'callers would hear the first language instead' }]
  })
}
