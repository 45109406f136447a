/** The examples of pages, as files that can be checked. */
import type { SoundFile } from '../compile/context.ts'
import type { Page } from './rule.ts'

/** Sounds that lie beside every example. `broken.mp3` holds something else than its name says. */
const SOUNDS = ['welcome', 'menu', 'ask', 'sorry', 'thanks', 'bye', 'news', 'leave-a-message']

export interface ExampleSet {
  readonly flows: readonly { readonly name: string; readonly path: string; readonly text: string; readonly unreadable?: string }[]
  readonly calls: ExampleSet['flows']
  readonly sounds: ReadonlyMap<string, SoundFile>
  readonly others: readonly string[]
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
    sounds: new Map<string, SoundFile>([...SOUNDS.map((name): [string, SoundFile] => [`${name}.mp3`, { hash: name, format: 'mp3' }]), ['broken.mp3', { hash: 'broken', format: undefined }]]),
    others: [...(beside.noCalls === true ? [] : ['menu.calls.yaml', 'another.calls.yaml']), ...(beside.files ?? [])],
  }
}
