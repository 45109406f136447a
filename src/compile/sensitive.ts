/** Values that nobody may see: what a `sensitive` ivr saves, and what is made of it, in all flows that are linked together. */
import type { Context, Plan } from './context.ts'
import type { Template } from './sound.ts'

type Texts = Readonly<Record<string, unknown>>

const found = new WeakMap<ReadonlyMap<string, Plan>, ReadonlySet<string>>()

/** Whether a text holds such a value. */
export function isSensitive({ plans, document }: Context, template: Template): boolean {
  return template.some(part => typeof part === 'object' && (part.from === 'value' || part.text === 'digits') && sensitiveIn(plans).has(`${document.name}/${part.text}`))
}

/** The names, each behind that of its flow. Found once for all flows that are linked together. */
function sensitiveIn(plans: ReadonlyMap<string, Plan>): ReadonlySet<string> {
  const known = found.get(plans)
  if (known !== undefined) return known
  const names = new Set<string>()
  // until a round finds no more: each finds at least one
  for (let before = -1; before !== names.size;) {
    before = names.size
    for (const [flow, plan] of plans) for (const { data } of plan.found) if (data !== undefined) addOf(names, flow, data)
  }
  found.set(plans, names)
  return names
}

function addOf(names: Set<string>, flow: string, data: Texts): void {
  if (data['ivr'] !== undefined && data['sensitive'] === true) {
    names.add(`${flow}/digits`)
    if (typeof data['save'] === 'string') names.add(`${flow}/${data['save']}`)
  }
  const reads = (text: unknown): boolean => typeof text === 'string' && [...text.matchAll(/\{\{\s*([a-z][a-z0-9_-]*)/g)].some(([, name]) => names.has(`${flow}/${name as string}`))
  for (const [name, text] of Object.entries((data['set'] ?? {}) as Texts)) if (reads(text)) names.add(`${flow}/${name}`)
  const runs = data['flow']
  if (typeof runs !== 'string') return
  for (const [name, text] of Object.entries((data['with'] ?? {}) as Texts)) if (reads(text)) names.add(`${runs}/${name}`)
  for (const [mine, theirs] of Object.entries((data['save'] ?? {}) as Texts)) if (names.has(`${runs}/${String(theirs)}`)) names.add(`${flow}/${mine}`)
}
