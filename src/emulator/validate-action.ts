import { readAddress, shortAddress } from './address.ts'
import type { FactCode } from './facts.ts'

/** A call action as it came: any JSON object. */
export type Action = Readonly<Record<string, unknown>>

export const ACTIONS = ['connect', 'play', 'ivr', 'record', 'hangup'] as const
export type ActionName = (typeof ACTIONS)[number]

const COMMON = ['next', 'whenhangup', 'recordcall']
const OPTIONS: Record<ActionName, readonly string[]> = {
  connect: ['callerid', 'timeout', 'timelimit', 'busy', 'failed'],
  play: ['skippable'],
  ivr: ['digits', 'timeout', 'repeat'],
  record: ['timelimit', 'silencedetection'],
  hangup: [],
}
const BRANCHES: Record<ActionName, readonly string[]> = { connect: ['busy', 'failed'], play: [], ivr: [], record: [], hangup: [] }

/** Keys that are written in hope, and what to write instead. */
const HINTS: Record<string, string> = {
  fail: 'the key is failed',
  success: 'use next: it is asked with result=success',
  noinput: 'use next: it is asked with result=failed and why=noinput',
  sms: 'no action sends an SMS: use the REST API',
  skippable: 'it belongs to play',
  voice: 'no action speaks text',
  loop: 'the option is repeat',
}

/** Told of each fact that an action breaks. */
export type Complain = (code: FactCode, message: string) => void

export function isObject(value: unknown): value is Action {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A key of an ivr that looks like something to press. */
export function isDigitKey(key: string): boolean {
  return /^[0-9*#]+$/.test(key)
}

/** The one action an object holds, or the fact that it breaks. */
export function nameAction(action: Action): ActionName | { readonly code: 'no-action' | 'two-actions'; readonly message: string } {
  const found = ACTIONS.filter((name) => Object.hasOwn(action, name))
  if (found.length === 1) return found[0] as ActionName
  if (found.length > 1) return { code: 'two-actions', message: `an action holds ${found.join(' and ')}: put one of them into the other's next` }
  const keys = Object.keys(action)
  const alone = keys.includes('recordcall') ? 'recordcall alone is no action' : `no action among the keys ${keys.slice(0, 8).map((key) => JSON.stringify(key)).join(', ')}`
  return { code: 'no-action', message: alone }
}

/**
 * Complains about everything in a tree of actions that the carrier does not document, wherever it stands; only
 * warnings come from here, as what is not reached does no harm. Returns the depth of the tree.
 */
export function validateAction(root: Action, complain: Complain): number {
  const open: { readonly action: Action; readonly path: string; readonly depth: number }[] = [{ action: root, path: '', depth: 1 }]
  let deepest = 1
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { action, path, depth } = place
    deepest = Math.max(deepest, depth)
    const name = nameAction(action)
    if (typeof name === 'object') {
      // at the top it ends the call, and whoever performs it says so
      if (depth > 1) complain('nested-action', `${path}: ${name.message}`)
      continue
    }
    const at = path === '' ? name : `${path}.${name}`
    for (const [key, value] of Object.entries(action)) {
      if (key === name) continue
      checkKey(name, key, value, at, complain)
      if (leadsOn(name, key) && isObject(value)) open.push({ action: value, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 })
    }
  }
  return deepest
}

function leadsOn(name: ActionName, key: string): boolean {
  return key === 'next' || BRANCHES[name].includes(key) || (name === 'ivr' && isDigitKey(key))
}

function checkKey(name: ActionName, key: string, value: unknown, at: string, complain: Complain): void {
  if (name === 'hangup' && key === 'next') return complain('next-on-hangup', `${at}: next after a hangup is never asked`)
  if (leadsOn(name, key)) return checkTarget(key, value, at, complain)
  if (!COMMON.includes(key) && !OPTIONS[name].includes(key)) {
    const hint = HINTS[key]
    complain('unknown-key', `${at}: ${JSON.stringify(key)} is no documented key of ${name}${hint === undefined ? '' : ` (${hint})`}`)
    return
  }
  if (key === 'whenhangup' || key === 'recordcall') {
    if (typeof value !== 'string' || readAddress(value) === undefined) complain(`${key}-invalid`, `${at}: ${key} is ${show(value)}`)
  }
}

function checkTarget(key: string, value: unknown, at: string, complain: Complain): void {
  if (isObject(value)) return
  if (typeof value !== 'string') return complain('nested-action', `${at}: ${key} is ${show(value)}, neither an address nor an action`)
  if (value !== '' && readAddress(value) === undefined) complain('nested-action', `${at}: ${key} is ${show(value)}, which is no absolute address`)
}

/** A value from a reply, short enough for a message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortAddress(value))
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? 'an object' : JSON.stringify(value)
}
