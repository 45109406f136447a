/** Where an edge leads: the index of a state, END, or the state that hands the call over to an address. */
import { quoted } from '../validate/words.ts'
import type { TargetData } from '../validate/document.ts'
import type { Path } from '../parse/tree.ts'
import { tell } from './context.ts'
import type { Context } from './context.ts'
import { END } from './flow.ts'
import { addressProblem } from './address.ts'

export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text)
}

/** The index that a target stands for; END, with a problem reported, for one that does not exist. */
export function compileTarget(context: Context, path: Path, target: TargetData): number {
  if (typeof target === 'object') {
    const index = context.inPlace.get(path.join('\n'))
    return index === undefined ? END : context.from.states + index
  }
  if (target === 'end') return END
  if (isAddress(target)) return handover(context, path, target)
  const index = context.indexes.get(target)
  const names = context.document.stateNames
  // states written in place stand behind the named ones: their names are for logs, no edge may use them
  if (index !== undefined && index < names.length) {
    context.used.add(`state ${target}`)
    return context.from.states + index
  }
  // where no states could be read at all, that is the mistake
  if ((names.length === 0 && !context.document.whole) || context.unreadStates.has(target)) return END
  const state = path[0] === 'states' ? String(path[1]) : undefined
  context.missing.push({
    kind: 'state', name: target, path,
    told: {
      code: 'unknown-target',
      message: `${state === undefined ? `\`${String(path[0])}\`` : `\`${state}\``} leads to a state that does not exist`,
      label: `there is no state \`${target}\``,
      effect: effectOf(path, path.at(-1)),
    },
    known: () => [...names, 'end'], help: names.length === 0 ? 'add it under `states:`' : `the states are ${quoted(names)}`,
    write: word => word,
  })
  return END
}

function effectOf(path: Path, key: string | number | undefined): string {
  if (path[0] === 'start') return 'a caller would be answered with nothing'
  if (path.at(-2) === 'on' || path[0] === 'keys') {
    const outcome = String(key)
    if (/^[0-9x*#]+$/.test(outcome)) return `a caller who presses ${outcome} would be cut off`
    if (outcome === 'noinput') return 'a caller who stays silent would be cut off'
    if (outcome === 'nomatch') return 'a caller who presses a wrong key would be cut off'
    return `a caller who comes this way (\`${outcome}\`) would be cut off`
  }
  return 'a caller who comes this way would be cut off'
}

function handover(context: Context, path: Path, address: string): number {
  const bad = addressProblem(address)
  if (bad !== undefined) {
    tell(context, path, { code: 'bad-value', message: `this address cannot be called: ${bad}`, effect: 'a caller who comes this way would be cut off' })
    return END
  }
  const known = context.handovers.get(address)
  if (known !== undefined) return known
  const index = context.from.states + context.found.length + context.handovers.size
  context.handovers.set(address, index)
  return index
}
