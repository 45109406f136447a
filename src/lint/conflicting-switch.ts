/** Switches are of the server, by name: flows that share one must mean the same by it. */
import type { Compiled } from '../compile/compile.ts'
import type { Flow } from '../compile/flow.ts'
import { placeOf } from '../parse/tree.ts'
import type { Tree } from '../parse/tree.ts'
import type { Problem } from '../problem/problem.ts'
import type { FlowDocument } from '../validate/document.ts'
import type { LiveFlow } from './lines.ts'
import type { Page } from './rule.ts'

const flow = (choices: string): string => `
start: duty
switches: { duty: { choices: [${choices}], default: nobody } }
states:
  duty: { route: [{ when: { switch: duty, is: anna }, goto: desk }, { goto: bye }] }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`

export const conflictingSwitch: Page = {
  name: 'conflicting-switch',
  severity: 'error',
  why: 'A switch is one for all flows: where two of them understand it differently, a flip does what nobody meant.',
  valid: flow('anna, nobody'),
  invalid: flow('anna, nobody'),
  beside: { other: flow('anna, bo, nobody') },
}

/** A flow's own switches. */
interface Declares {
  readonly name: string
  readonly tree: Tree
  readonly switches: Flow['switches']
}

/** Switches that two flows declare otherwise. Where one of them is what answers now, the other is at fault; else the later by name. What they are called may differ. */
export function conflictingSwitches(flows: readonly { readonly compiled?: Compiled; readonly document?: FlowDocument }[], live: ReadonlyMap<string, LiveFlow>): Problem[] {
  const first = new Map<string, Declares>()
  const problems: Problem[] = []
  const isLive = ({ name, tree }: Declares): boolean => live.get(name)?.text === tree.text
  const all = flows.flatMap(({ compiled, document }): Declares[] => {
    if (compiled === undefined || document === undefined) return []
    // those of flows that it runs are told where they stand
    const own = Object.entries(compiled.flow.switches).filter(([name]) => Object.hasOwn(document.data.switches ?? {}, name))
    return [{ name: document.name, tree: document.tree, switches: Object.fromEntries(own) }]
  })
  for (const one of all.sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || (a.name < b.name ? -1 : 1))) {
    for (const [name, { label: _label, ...meant }] of Object.entries(one.switches)) {
      const other = first.get(name)
      const { label: _other, ...before } = other?.switches[name] ?? { label: '' }
      if (other === undefined) first.set(name, one)
      else if (JSON.stringify(before) !== JSON.stringify(meant)) {
        const at = (tree: Tree) => placeOf(tree, ['switches', name])
        problems.push({
          code: 'conflicting-switch', severity: conflictingSwitch.severity, file: one.tree.file, span: at(one.tree).key ?? at(one.tree).value,
          message: `\`${other.name}\` has another switch \`${name}\``, effect: 'one flip sets both, and they understand it differently',
          help: 'give both the same choices, default and `turns_off_after`, or rename one of them',
          related: [{ file: other.tree.file, span: at(other.tree).key ?? at(other.tree).value, message: 'it is declared here too' }],
        })
      }
    }
  }
  return problems
}
