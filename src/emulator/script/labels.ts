/** What the sounds of a flow are called, and the words that they hold: told by their addresses. */
import type { Flow } from '../../compile/flow.ts'
import type { Sound } from '../../compile/sound.ts'
import type { VersionSource } from '../../compile/version.ts'
import { parse } from '../../parse/parse.ts'
import { entryOf } from '../../parse/tree.ts'
import type { Step } from '../../run/step.ts'
import { plainLabel } from './scripted-call.ts'
import type { Word } from './scripted-call.ts'

/** What a sound is called in the flow, and the words that the flow says it holds. */
export interface Label {
  readonly name: string
  readonly text?: string
  /** How a script names it, where that is not its name: words without a name of their own are written out, and lists part by part. */
  readonly word?: Word
}

interface OfFlow {
  readonly flow: Flow
  readonly source: VersionSource
}

type Heard = Sound & { readonly kind: 'file' | 'given' | 'said' }

/** The labels of one call. */
export interface Labels {
  /** Of a sound of which nothing is known, what its address tells. */
  of(address: string): Label
  /** Takes in the sounds of an answer: words with values in them are known only then. */
  take(step: Step): void
}

/** The sounds of a flow by the end of their address (`/audio/HASH/NAME`), or by the whole one where the flow gives that. */
export function labelsOf({ flow, source }: OfFlow): ReadonlyMap<string, Label> {
  const label = namer(source)
  const labels = new Map<string, Label>()
  for (const sound of soundsIn([flow.states, flow.given])) labels.set(endOf(sound), label(sound))
  return labels
}

/** What the sounds of one call of a flow are called. */
export function createLabels(served: OfFlow): Labels {
  const label = namer(served.source)
  const labels = new Map(labelsOf(served))
  return {
    of(address) {
      const [path, speech] = /\/(?:audio\/[0-9a-f]+|(speech)\/[^/]+)\/[^/]+$/.exec(address) ?? []
      return labels.get(address) ?? labels.get(speech === undefined ? path ?? '' : saidEnd(address.slice(address.lastIndexOf('/') + 1))) ?? { name: plainLabel(address) }
    },
    take({ reply }) {
      for (const sound of soundsIn(reply.actions)) if (sound.kind === 'said') labels.set(endOf(sound), label(sound))
    },
  }
}

/** How a script names a sound: by its prompt, its file, or what it says. */
function namer({ path, text: written, sounds }: VersionSource): (sound: Heard) => Label {
  const root = parse(path, written).tree?.root
  const declared = root === undefined ? undefined : entryOf(root, 'prompts')?.value
  const paths = new Map(sounds.map(([place, file]) => [file.hash, place]))
  const label = (sound: Heard): Label => {
    const text = sound.text === undefined ? {} : { text: sound.text }
    if (sound.kind === 'given') return { name: sound.address, ...text }
    const base = decodeURIComponent(sound.name).replace(/\.[a-z0-9]+$/i, '')
    if (declared?.kind === 'map' && entryOf(declared, base) !== undefined) return { name: base, ...text }
    const isSaid = sound.kind === 'said' || sound.recipe !== undefined
    const parts = (sound.of ?? []).flatMap(one => (isHeard(one) ? [label(one)] : []).flatMap(({ name, word = name }) => word))
    const isListed = parts.length > 0 && parts.length === sound.of?.length
    const word = isListed ? { word: parts.length === 1 ? parts[0] as string : parts } : isSaid && sound.text !== undefined && /^(say|spell)-/.test(base) ? { word: sound.text } : {}
    return { name: (sound.kind === 'file' ? paths.get(sound.hash) : undefined) ?? sound.name, ...text, ...word }
  }
  return label
}

function endOf(sound: Heard): string {
  return sound.kind === 'given' ? sound.address : sound.kind === 'said' ? saidEnd(sound.name) : `/audio/${sound.hash}/${sound.name}`
}

function saidEnd(name: string): string {
  return `/speech/${name}`
}

function isHeard(value: object): value is Heard {
  const { kind } = value as { kind?: unknown }
  return kind === 'file' || kind === 'given' || kind === 'said'
}

/** Every sound, however deep: a compiled flow is plain data. */
function* soundsIn(value: unknown): Generator<Heard> {
  if (typeof value !== 'object' || value === null) return
  if (isHeard(value)) yield value
  else for (const part of Object.values(value)) yield* soundsIn(part)
}
