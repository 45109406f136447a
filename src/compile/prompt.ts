/** A PROMPT → what is heard: a file under its hash, a carrier's sound, or an address. */
import type { PromptData } from '../validate/document.ts'
import type { Path } from '../parse/tree.ts'
import { placeIn, tell } from './context.ts'
import type { Context } from './context.ts'
import { addressProblem } from './address.ts'
import type { Sound } from './flow.ts'
import { languagesOf, translate, wordingsOf } from './languages.ts'
import type { Wording } from './languages.ts'
import { compilePick, isPick } from './pick.ts'
import { compileList } from './list-of-prompts.ts'
import { silence } from './silence.ts'
import { compileSay, compileSpell, compileWords } from './speech.ts'
import type { SayData } from './speech.ts'
import { isAddress } from './target.ts'
import { compileTemplate, fixedText, hasValues, promptInput } from './template.ts'

/** Endings of sounds that the carrier plays (facts: WAV, MP3, Ogg Vorbis). */
const SOUND_FILE = /\.(wav|mp3|ogg)$/i
const DTMF = /^sound\/dtmf\/[0-9*#pPA-D]+$/

/** The sound of a prompt; silence, with a problem reported, for one that would not be heard. */
export function compilePrompt(context: Context, path: Path, prompt: PromptData | true): Sound {
  if (prompt === true) return silence(context)
  if (typeof prompt === 'string') return compileText(context, path, prompt, undefined, {})
  if (isPick(prompt)) return compilePick(context, path, prompt, (at, one) => compilePrompt(context, at, one))
  if (Array.isArray(prompt)) return compileList(context, path, prompt as readonly PromptData[], (within, at, one) => compilePrompt(within, at, one))
  if ('say' in prompt) return compileSay(context, path, prompt as unknown as SayData)
  if ('spell' in prompt) return compileSpell(context, path, (prompt as unknown as { readonly spell: string }).spell)
  throw new Error('a prompt of no known form passed the reader')
}

/** What is known of a sound beside where it is: its words, and their language. */
type Label = Pick<Sound & { kind: 'given' }, 'text' | 'language'>

function compileText(context: Context, path: Path, prompt: string, declared: string | undefined, label: Label): Sound {
  if (hasValues(prompt)) return compileFilled(context, path, prompt, declared, label)
  if (declared === undefined) {
    const own = context.document.data.prompts
    if (own !== undefined && Object.hasOwn(own, prompt)) {
      context.promptsUsed.add(prompt)
      return compileDeclared(context, path, prompt, own[prompt] as PromptData)
    }
  }
  if (prompt.startsWith('sound/')) {
    if (prompt === 'sound/beep' || DTMF.test(prompt)) return { kind: 'given', address: prompt, ...label }
    tell(context, path, { code: 'unknown-prompt', message: `the carrier has no sound \`${prompt}\``, effect: 'the caller would hear nothing', help: 'its sounds are sound/beep and sound/dtmf/ followed by keys, `p` (50 ms) and `P` (500 ms)' })
    return silence(context)
  }
  if (isAddress(prompt)) {
    const bad = addressProblem(prompt)
    if (bad === undefined) return { kind: 'given', address: prompt, ...label }
    tell(context, path, { code: 'bad-value', message: `this address cannot be fetched: ${bad}`, effect: 'the caller would hear nothing' })
    return silence(context)
  }
  const clean = prompt.replace(/^\.\//, '')
  const file = context.surroundings.sounds.get(clean)
  if (file !== undefined) {
    context.soundsUsed.set(clean, file)
    const heard = context.surroundings.heard?.get(file.hash)
    const trouble = file.trouble ?? (heard !== undefined && 'trouble' in heard ? heard.trouble : undefined)
    if (file.format === undefined || trouble !== undefined) {
      tell(context, path, { code: 'bad-audio', message: `\`${clean}\` ${trouble ?? 'is no sound that the carrier plays'}`, effect: 'the caller would hear nothing', help: 'it plays WAV, MP3 and Ogg Vorbis; look at what the file really holds' })
      return silence(context)
    }
    const base = declared ?? clean.slice(clean.lastIndexOf('/') + 1).replace(/\.[a-z0-9]+$/i, '')
    return { kind: 'file', hash: file.hash, name: `${encodeURIComponent(base.toWellFormed())}.${file.format}`, ...label }
  }
  return missing(context, path, clean)
}

/** A prompt with values in it: an address. What only `vars` fill in is fixed, and may be any prompt. */
function compileFilled(context: Context, path: Path, prompt: string, declared: string | undefined, label: Label): Sound {
  const input = promptInput(context, prompt)
  if (input !== undefined) return { kind: 'filled', template: [input] }
  const template = compileTemplate(context, path, prompt)
  const fixed = fixedText(template)
  if (fixed === '') return silence(context)
  if (fixed !== undefined && !hasValues(fixed)) return compileText(context, path, fixed, declared, label)
  const [first] = template
  if (typeof first === 'string' && !isAddress(first)) {
    tell(context, path, {
      code: 'bad-value', message: `\`${prompt}\` is no address, and values may stand only in one`, effect: 'the caller would hear nothing',
      help: 'write a whole address such as https://example.com/{{name}}.mp3, or let a `route` choose among fixed prompts',
    })
    return silence(context)
  }
  return { kind: 'filled', template }
}

/** A prompt of `prompts:`: `name: { file, text }`, or that for each language. */
function compileDeclared(context: Context, path: Path, name: string, data: PromptData): Sound {
  const place: Path = ['prompts', name]
  if (typeof data === 'string') return compileText(context, place, data, name, {})
  const wordings = wordingsOf(data)
  if (wordings === undefined) return compileWording(context, place, name, data as Wording, {})
  return translate(context, path, name, wordings, silence(context), (language, wording) => compileWording(context, [...place, language], name, wording, { language }))
}

function compileWording(context: Context, place: Path, name: string, { file, text }: Wording, of: Label): Sound {
  if (file !== undefined) return compileText(context, [...place, 'file'], file, name, text === undefined ? of : { ...of, text })
  return compileWords(context, [...place, 'text'], { text: text ?? '', language: of.language ?? languagesOf(context.document.data)[0], spell: false, name, label: of })
}

/** Looks at the prompts of `prompts:` that nothing plays yet. */
export function compilePrompts(context: Context): void {
  for (const [name, data] of Object.entries(context.document.data.prompts ?? {})) {
    if (name !== 'note' && !context.promptsUsed.has(name)) compileDeclared(context, ['prompts', name], name, data)
  }
}

function missing(context: Context, path: Path, file: string): Sound {
  if (!SOUND_FILE.test(file) && context.unreadPrompts.has(file)) return silence(context)
  const sounds = (): string[] => [...context.surroundings.sounds.keys()]
  const { node } = placeIn(context, path)
  // the name of a file that is filled in from elsewhere cannot be mended here
  const write = node.kind === 'scalar' && node.text === file ? { write: (word: string) => word } : {}
  if (SOUND_FILE.test(file)) {
    context.missing.push({
      kind: 'sound', name: file, path, told: { code: 'missing-audio', message: `the sound \`${file}\` does not exist`, label: 'no such file beside the flow', effect: 'the caller would hear nothing' },
      known: sounds, help: `put ${file} into the folder of this flow`, ...write,
    })
  } else {
    context.missing.push({
      kind: 'prompt', name: file, path, told: { code: 'unknown-prompt', message: `there is no prompt \`${file}\``, effect: 'the caller would hear nothing' },
      known: () => [...Object.keys(context.document.data.prompts ?? {}), ...sounds()],
      help: 'a prompt is a name under `prompts:`, a file beside the flow that ends in .mp3, .wav or .ogg, a carrier sound such as sound/beep, or an https address', ...write,
    })
  }
  return silence(context)
}
