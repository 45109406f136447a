/** A flow written in a test: checked without a folder, walked without a server. Every sound that it names exists. */
import { check, rebuild } from '../src/check.ts'
import type { Checked } from '../src/check.ts'
import { decodeEvent, decodeForm } from '../src/carrier/decode.ts'
import type { SoundFile } from '../src/compile/context.ts'
import type { Action, Reply } from '../src/compile/action.ts'
import type { Flow, Sound } from '../src/compile/flow.ts'
import { compile } from '../src/compile/compile.ts'
import { parse } from '../src/parse/parse.ts'
import type { Tree } from '../src/parse/tree.ts'
import { validate } from '../src/validate/validate.ts'
import type { First } from '../src/run/call.ts'
import { start, step } from '../src/run/step.ts'
import type { Step } from '../src/run/step.ts'
import { UNTOUCHED } from '../src/run/world.ts'
import type { World } from '../src/run/world.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'

/** 2026-03-02, 14:05 in Stockholm. */
export const NOW = Date.UTC(2026, 2, 2, 13, 5, 0)

export const FIRST: First = { id: 'c0123456789abcdef0123456789abcdef', caller: '+46701740699', called: '+46846500400', direction: 'incoming', start: NOW / 1000 }

/** What of the outside a test sets. */
export interface Outside {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly hosts?: readonly string[]
  /** Sounds that do not exist although they are named, or hold something else. */
  readonly missing?: readonly string[]
  readonly broken?: readonly string[]
  /** Lists and tables, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** Other flows beside it, by name. */
  readonly flows?: Readonly<Record<string, string>>
}

function others({ flows = {} }: Outside): { name: string; path: string; text: string }[] {
  return Object.entries(flows).map(([name, text]) => ({ name, path: `${name}.yaml`, text }))
}

function soundsIn(text: string, outside: Outside = {}): Map<string, SoundFile> {
  const sounds = new Map<string, SoundFile>()
  for (const [name] of [text, ...Object.values(outside.flows ?? {})].join('\n').matchAll(/\b[\w/-]{1,60}\.(?:mp3|wav|ogg)\b/g)) {
    if (outside.missing?.includes(name) !== true) sounds.set(name, { hash: name, format: outside.broken?.includes(name) === true ? undefined : 'mp3' })
  }
  return sounds
}

/** What check() says of one flow named `test` in the file `test.yaml`. */
export function checkText(text: string, outside: Outside = {}): Checked {
  return check({ flows: [{ name: 'test', path: 'test.yaml', text }, ...others(outside)], sounds: soundsIn(text, outside) }, { env: outside.env ?? {}, hosts: outside.hosts ?? [], silence: SILENCE_FILE })
}

/** The flow in a text, whatever the rules of lint would say of it. Throws where it cannot be made: a test that wants a problem asks checkText. */
export function flowIn(text: string, outside: Outside = {}): Flow {
  const source = { language: 1, name: 'test', path: 'test.yaml', text, sounds: [...soundsIn(text, outside)], ...(outside.flows === undefined ? {} : { uses: others(outside) }) }
  const flow = rebuild(source, { env: outside.env ?? {}, hosts: outside.hosts ?? [], silence: SILENCE_FILE })
  if (flow === undefined) throw new Error(checkText(text, outside).problems.map(one => `${one.code}: ${one.message}`).join('\n'))
  return flow
}

/** The flow in a text whose rules are not asked: one that leaves an outcome to the end that nobody wrote, or goes round for ever. */
export function linkedIn(text: string, outside: Outside = {}): Flow {
  const { tree, problems } = parse('test.yaml', text)
  if (tree === undefined) throw new Error(problems[0]?.message)
  const { document } = validate('test', tree)
  const files = new Map(Object.entries(outside.files ?? {}).map(([path, file]) => [path, { path, text: file }]))
  const flows = new Map(others(outside).map(one => [one.name, validate(one.name, parse(one.path, one.text).tree as Tree).document]))
  const compiled = compile(document, { sounds: soundsIn(text, outside), files, silence: SILENCE_FILE, env: outside.env ?? {}, hosts: outside.hosts ?? [], flows })
  if (!document.whole || compiled.problems.length > 0 || !compiled.usesSound) throw new Error(compiled.problems[0]?.message ?? 'the flow is misshapen')
  return compiled.flow
}

/** The event of a form that the carrier posts, as in `result=failed&why=noinput`; `-` has no result at all. */
export function eventOf(form: string) {
  return decodeEvent(decodeForm(form === '-' ? '' : form.includes('=') ? form : `result=${encodeURIComponent(form)}`))
}

/** A sound as a test writes it: the file's path, the address, or `silence`. */
function soundText(sound: Sound): string {
  if (sound.kind === 'given') return sound.address
  if (sound.kind !== 'file') return '(not filled in)'
  return sound.hash === SILENCE_FILE.hash ? 'silence' : sound.hash
}

function actionText(action: Action): string {
  switch (action.do) {
    case 'ivr': {
      const keys = (action.keys ?? []).map(([digit, address]) => ` ${digit}=${address}`).join('')
      return `ivr ${soundText(action.sound)} ${action.digits}/${action.timeout}/${action.repeat}${keys}`
    }
    case 'play': return `play ${soundText(action.sound)}${action.skippable === undefined ? '' : action.skippable ? ' skippable' : ' whole'}`
    case 'connect': return `connect ${action.to} ${action.timeout}s${action.callerid === undefined ? '' : ` as ${action.callerid}`}${action.timelimit === undefined ? '' : ` most ${action.timelimit}`}`
    case 'record': return `record${action.timelimit === undefined ? '' : ` ${action.timelimit}`}${action.silence === undefined ? '' : action.silence ? ' silence' : ' no-silence'}`
    case 'hangup': return `hangup ${action.cause}`
  }
}

/** A reply in one line: actions joined by ` > `, then ` > end` or the address where nothing of ours follows. */
export function replyText(reply: Reply): string {
  const actions = reply.actions.map(actionText).join(' > ')
  if (reply.then === 'report') return actions
  if (reply.then !== 'nothing') return `${actions} > ${reply.then.address}`
  return reply.actions.at(-1)?.do === 'hangup' ? actions : `${actions} > end`
}

/** All steps of a call that is reported these forms, from its start. Between two steps the call goes through JSON, as in a token. */
export function walk(flow: Flow, forms: readonly string[], first: Partial<First> = {}, world: World = UNTOUCHED): Step[] {
  const steps = [start(flow, { ...FIRST, ...first }, NOW, world)]
  for (const form of forms) {
    const call = JSON.parse(JSON.stringify(steps.at(-1)?.call)) as Step['call']
    steps.push(step(flow, call, eventOf(form), NOW + steps.length * 1000, world))
  }
  return steps
}
