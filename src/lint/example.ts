/** The examples of pages, as files that can be checked. */
import type { SoundFile } from '../compile/context.ts'
import type { Heard, Listened } from '../compile/listened.ts'
import type { LiveFlow } from './lines.ts'
import type { Page } from './rule.ts'

/** Sounds that lie beside every example, and their seconds. `broken.mp3` holds something else than its name says. */
const SOUNDS: Readonly<Record<string, number>> = { 'welcome': 4, 'menu': 8, 'ask': 6, 'sorry': 3, 'thanks': 2, 'bye': 2, 'news': 17, 'prices': 18, 'whole-story': 25, 'leave-a-message': 7 }

/** What is heard in those that do not sound well. */
const GOOD: Heard = { seconds: 4, channels: 1, rate: 16_000, level: -20, peak: -6, clipped: 0, lead: 0.1, tail: 0.2 }
const POOR: Readonly<Record<string, Partial<Heard>>> = { quiet: { level: -41 }, cut: { clipped: 0.6, peak: 0 }, late: { lead: 2.4 }, thin: { rate: 6000 } }

/** The list and the table that lie beside every example. */
export const TEXTS: Readonly<Record<string, string>> = { 'blocked.txt': '+46701740601\n', 'offices.csv': 'line,desk\n+46846500401,+46701740602\n' }

/** The hosts that a server of the examples may ask. */
export const HOSTS = ['crm.example.com']

export interface ExampleSet {
  readonly flows: readonly { readonly name: string; readonly path: string; readonly text: string; readonly unreadable?: string }[]
  readonly calls: ExampleSet['flows']
  readonly sounds: ReadonlyMap<string, SoundFile>
  readonly heard: ReadonlyMap<string, Listened>
  readonly others: readonly string[]
  readonly files: ReadonlyMap<string, { readonly path: string; readonly text: string }>
  readonly live: readonly LiveFlow[]
}

/** A page's invalid or valid example, with what has to stand beside it. */
export function exampleSet(page: Page, which: 'valid' | 'invalid'): ExampleSet {
  const beside = which === 'invalid' ? page.beside ?? {} : {}
  const other = beside.other ?? page.another
  const text = page[which].replace(/^\n/, '')
  const flow = { name: 'menu', path: 'menu.yaml', text, ...(beside.unreadable === true ? { unreadable: 'permission denied' } : {}) }
  return {
    flows: other === undefined ? [flow] : [flow, { name: 'another', path: 'another.yaml', text: other.replace(/^\n/, '') }],
    calls: beside.calls === undefined ? [] : [{ name: beside.calls.name, path: `${beside.calls.name}.calls.yaml`, text: beside.calls.text.replace(/^\n/, '') }],
    sounds: new Map<string, SoundFile>([...Object.entries({ ...SOUNDS, ...Object.fromEntries(Object.keys(POOR).map(name => [name, GOOD.seconds])) }).map(([name, seconds]): [string, SoundFile] => [`${name}.mp3`, { hash: name, format: 'mp3', seconds }]), ['broken.mp3', { hash: 'broken', format: undefined }]]),
    heard: new Map([...Object.keys(SOUNDS), ...Object.keys(POOR)].map(name => [name, { ...GOOD, ...POOR[name] }])),
    files: new Map(Object.entries({ ...TEXTS, ...beside.texts }).map(([name, text]) => [name, { path: name, text }])),
    others: [...(beside.noCalls === true ? [] : ['menu.calls.yaml', 'another.calls.yaml']), ...(beside.files ?? [])],
    live: beside.gone === undefined ? [] : [{ name: 'another', version: 'gone', path: 'another.yaml', text: beside.gone, numbers: [...beside.gone.matchAll(/"(\+\d+)"\]/g)].map(match => match[1] as string) }],
  }
}
