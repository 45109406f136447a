/** The names in a file, each with the flow whose thing it is: a flow may run others, and its scripted calls go through them. */
import { entryOf } from '../parse/tree.ts'
import type { Kind, Named, Occurrence } from './occurrences.ts'
import { flowView, namesUnder, occurrencesOf, topLevel } from './scene.ts'
import type { Scene, View } from './scene.ts'

const found = new WeakMap<Scene, Map<View, readonly Occurrence[]>>()

/** What scripted calls may name of a flow that theirs runs, as if it stood in their own. */
const THROUGH: readonly Kind[] = ['prompt', 'list', 'switch', 'value']

/** The names in a file of the scene, in the order of its text. */
export function meantIn(scene: Scene, view: View): readonly Occurrence[] {
  const known = found.get(scene) ?? new Map<View, readonly Occurrence[]>()
  found.set(scene, known)
  let meant = known.get(view)
  if (meant === undefined) known.set(view, meant = occurrencesOf(view).filter(one => isMeant(scene, one)).map(one => (view.kind === 'calls' ? ofItsFlow(scene, one) : one)))
  return meant
}

/** A flow, then those that it runs or goes on in, and so on. */
export function flowsThrough(scene: Scene, flow = scene.view.flow): readonly string[] {
  const names = new Set([flow])
  for (const name of names) {
    const view = flowView(scene, name)
    for (const one of view === undefined ? [] : occurrencesOf(view)) if (one.runs === true) names.add(one.name)
  }
  return [...names]
}

/** The inputs of the flows that the calls begin in which a flow of the scene places. */
export function inputsOfPlaced(scene: Scene, flow = scene.view.flow): readonly { readonly flow: string; readonly name: string }[] {
  const placed = new Set<string>()
  for (const name of [...flowsThrough(scene, flow), flow]) {
    const reached = [name]
    for (const one of reached) {
      const view = flowView(scene, one)
      for (const other of view === undefined ? [] : occurrencesOf(view)) {
        if (other.placed !== true || placed.has(other.name)) continue
        placed.add(other.name)
        reached.push(other.name)
      }
    }
  }
  return [...placed].flatMap(name => namesUnder(flowView(scene, name), 'inputs').map(input => ({ flow: name, name: input })))
}

/** Whether an input of another flow is a prompt. */
export function isPromptInput(scene: Scene, flow: string, input: string): boolean {
  const inputs = topLevel(flowView(scene, flow), 'inputs')
  const type = inputs?.kind === 'map' ? entryOf(inputs, input)?.value : undefined
  return type?.kind === 'scalar' && type.text === 'prompt'
}

/** What is given to another flow is a prompt only where that says so. */
function isMeant(scene: Scene, { input }: Occurrence): boolean {
  return input === undefined || isPromptInput(scene, input.flow, input.name)
}

function ofItsFlow(scene: Scene, one: Occurrence): Occurrence {
  if (one.ofPlaced === true) return { ...one, flow: inputsOfPlaced(scene, one.flow).find(input => input.name === one.name)?.flow ?? one.flow }
  if (!THROUGH.includes(one.kind)) return one
  const owner = flowsThrough(scene, one.flow).find(flow => {
    const view = flowView(scene, flow)
    return view !== undefined && occurrencesOf(view).some(other => other.isDefinition && other.kind === one.kind && other.name === one.name)
  })
  return owner === undefined || owner === one.flow ? one : { ...one, flow: owner }
}

/** What is named at an offset of the scene's file. */
export function occurrenceAt(scene: Scene, offset: number): Occurrence | undefined {
  return meantIn(scene, scene.view).find(({ span }) => span.start <= offset && offset <= span.end)
}

/** Every place of the folder where the same is named. */
export function placesOf(scene: Scene, named: Named): readonly (Occurrence & { readonly view: View })[] {
  return scene.views.flatMap(view => meantIn(scene, view).filter(one => isSame(one, named)).map(one => ({ ...one, view })))
}

function isSame(one: Named, other: Named): boolean {
  // a sound and a flow are those of the folder, whoever names them
  return one.kind === other.kind && one.name === other.name && (one.flow === other.flow || one.kind === 'file' || one.kind === 'flow')
}
