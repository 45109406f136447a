/** `{ pick: "{{city}}", from: { uppsala: … }, else: … }`: one of several sounds, chosen by the text of a value. */
import type { Path } from '../parse/tree.ts'
import type { PromptData } from '../validate/document.ts'
import { tell } from './context.ts'
import type { Context } from './context.ts'
import { oneOf } from './sound.ts'
import type { Sound } from './sound.ts'
import { compileTemplate, fixedText, hasValues } from './template.ts'

export interface PickData {
  readonly pick: string
  readonly from: Readonly<Record<string, PromptData>>
  readonly else: PromptData
}

export function isPick(prompt: PromptData): prompt is PromptData & PickData {
  return typeof prompt === 'object' && 'pick' in prompt
}

/** The sound that a call picks; the one that it always picks, where nothing but `vars` decides. */
export function compilePick(context: Context, path: Path, data: PickData, compileOne: (path: Path, prompt: PromptData) => Sound): Sound {
  const value = compileTemplate(context, [...path, 'pick'], data.pick)
  if (!hasValues(data.pick)) {
    const isName = context.values.has(data.pick) || context.vars.has(data.pick)
    tell(context, [...path, 'pick'], { code: 'bad-value', message: '`pick` holds no value: it would always choose the same', help: `write the value that decides in braces, as in \`pick: "{{${isName ? data.pick : 'city'}}}"\`` })
  }
  const texts = Object.keys(data.from)
  const sounds = texts.map(text => compileOne([...path, 'from', text], data.from[text] as PromptData))
  const otherwise = compileOne([...path, 'else'], data.else)
  const fixed = fixedText(value)
  if (fixed !== undefined) return sounds[texts.indexOf(fixed)] ?? otherwise
  return oneOf({ kind: 'picked', value, from: Object.fromEntries(texts.map((text, index) => [text, index])), sounds: [...sounds, otherwise] })
}
