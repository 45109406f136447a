/** A picture in the page: its states can be chosen, found and lit up. Plain DOM: it changes as a whole, or by classes. */
import type { Lights } from '../scene.ts'
import type { StateProblems } from '../state-problems.ts'
import type { Words } from '../words.ts'
import { createCamera } from './camera.ts'
import type { Camera, Seen } from './camera.ts'
import { markProblems } from './marks.ts'
import type { Parts } from './parts.ts'
import { createSight } from './sight.ts'

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Drawn {
  readonly camera: Camera
  /** Marks a state as chosen, and brings it into sight where `isNew`. */
  choose(state: string | undefined, isNew: boolean): void
  light(lights: Lights): void
  /** Marks states; the others step back. Undefined: none are looked for. */
  mark(states: ReadonlySet<string> | undefined): void
  /** Shows what is wrong with each state. */
  tell(problems: StateProblems, words: Words['marks']): void
  reveal(state: string): void
  /** Where each state is seen now. */
  seen(): ReadonlyMap<string, Seen>
  /** Looks at the picture so that a state stands where it was seen in the one before; the first of `states` that was there. */
  pin(before: ReadonlyMap<string, Seen>, states: readonly (string | undefined)[]): void
  /** The state that stands next to one in a direction. */
  next(state: string | undefined, key: string): string | undefined
  focus(state: string): void
  remove(): void
}

export interface DrawOptions {
  /** What a state does, for those who hear the page. */
  readonly labelOf: (state: string) => string
  readonly label: string
  readonly chosen: (state: string | undefined) => void
  readonly start: string | null
}

const SVG = 'http://www.w3.org/2000/svg'

/** Puts a picture into an element. `inSight`: it has so many parts that only those in sight are laid out. */
export function putPicture(host: HTMLElement, { x, y, width, height, edges: arrows, cards }: Parts, inSight: boolean, { labelOf, label, chosen, start }: DrawOptions): Drawn {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'picture')
  svg.setAttribute('role', 'group')
  svg.setAttribute('aria-label', label)
  const stage = document.createElementNS(SVG, 'g')
  // what lies on what: arrows below cards
  stage.append(...arrows, ...cards)
  svg.append(stage)
  const sight = inSight ? createSight(svg, [...arrows, ...cards]) : undefined

  const states = new Map(cards.flatMap(node => (node.dataset['state'] === undefined ? [] : [[node.dataset['state'], node] as const])))
  const places = new Map([...states].map(([name, node]) => [name, placeOf(node)]))
  const labels = new Map<string, string>()
  for (const [name, node] of states) {
    node.setAttribute('role', 'button')
    node.setAttribute('tabindex', '-1')
    // what is seen is said first, as whoever speaks to the page says it
    const seen = [...node.querySelectorAll(':scope > text, :scope > .note text')].map(one => one.textContent ?? '').filter(one => one !== '').join(' ')
    labels.set(name, `${seen} (${labelOf(name)})`)
    node.setAttribute('aria-label', labels.get(name) as string)
  }
  const first = (start === null ? undefined : states.get(start)) ?? states.values().next().value
  first?.setAttribute('tabindex', '0')
  const edges = new Map<string, SVGGElement>()
  const notes = cards.flatMap(node => [...node.querySelectorAll<SVGGElement>(':scope > .edge')])
  for (const edge of [...arrows, ...notes]) edges.set(`${edge.dataset['from']} ${edge.dataset['to']}`, edge)
  const edgeOf = (from: string, to: string): SVGGElement | undefined => {
    // the picture shows no query of an address: it may be a key
    const shown = to.replace(/\?.*$/s, '?…')
    return edges.get(`${from} ${shown}`) ?? edges.get(`anywhere ${shown}`)
  }

  host.replaceChildren(svg)
  const camera = createCamera(host, stage, { x, y, width, height }, sight)
  const startPlace = start === null ? undefined : places.get(start)
  camera.fit(new DOMPoint(startPlace === undefined ? x + width / 2 : startPlace.x + startPlace.width / 2, startPlace?.y ?? y))

  function click(event: MouseEvent): void {
    if (camera.hasDragged) return
    chosen((event.target as Element).closest<SVGGElement>('[data-state]')?.dataset['state'])
  }
  svg.addEventListener('click', click)

  let glowing: string | undefined
  /** Arrows with a number. */
  let counted: ReadonlyMap<SVGGElement, number> = new Map()
  function reveal(name: string): void {
    const place = places.get(name)
    if (place !== undefined) camera.reveal(place)
  }

  return {
    camera, reveal,
    seen: () => new Map([...places].map(([name, place]) => [name, camera.seen(place.x, place.y)])),
    pin(before, wanted) {
      const anchor = wanted.find(name => name !== undefined && before.has(name) && places.has(name))
      const [seen, place] = [before.get(anchor ?? ''), places.get(anchor ?? '')]
      if (seen !== undefined && place !== undefined) camera.pin(place.x, place.y, seen)
    },
    choose(name, isNew) {
      for (const [one, node] of states) {
        node.classList.toggle('selected', one === name)
        node.setAttribute('aria-pressed', String(one === name))
      }
      for (const [key, edge] of edges) edge.classList.toggle('near', name !== undefined && key.startsWith(`${name} `))
      if (name !== undefined && states.has(name)) {
        rove(name)
        if (isNew) reveal(name)
      }
    },
    light({ path, glow, counts }) {
      // whoever follows a call sees where it goes
      if (glow !== undefined && glow !== glowing) reveal(glow)
      glowing = glow
      svg.classList.toggle('has-path', path.length > 0)
      const onPath = new Set(path.flatMap(({ from, to }) => [from, to]))
      const lit = new Set(path.map(({ from, to }) => edgeOf(from, to)))
      for (const [name, node] of states) {
        node.classList.toggle('lit', onPath.has(name))
        node.classList.toggle('glow', name === glow)
      }
      for (const edge of edges.values()) edge.classList.toggle('lit', lit.has(edge))
      const sums = new Map<SVGGElement, number>()
      for (const { from, to, count } of counts) {
        const edge = edgeOf(from, to)
        if (edge !== undefined) sums.set(edge, (sums.get(edge) ?? 0) + count)
      }
      for (const edge of new Set([...counted.keys(), ...sums.keys()])) {
        const place = edge.querySelector('.count')
        if (place !== null) place.textContent = sums.has(edge) ? String(sums.get(edge)) : ''
      }
      counted = sums
    },
    mark(found) {
      svg.classList.toggle('has-found', found !== undefined)
      for (const [name, node] of states) node.classList.toggle('found', found?.has(name) === true)
    },
    tell: (problems, words) => markProblems(states, labels, problems, words),
    next: (from, key) => nearest(places, from ?? start ?? undefined, key),
    focus(name) {
      rove(name)
      // what is not in sight cannot have the focus
      reveal(name)
      states.get(name)?.focus({ preventScroll: true })
    },
    remove() {
      camera.stop()
      host.replaceChildren()
    },
  }

  /** One state at a time can be come to with the tabulator. */
  function rove(name: string): void {
    for (const node of states.values()) node.setAttribute('tabindex', '-1')
    states.get(name)?.setAttribute('tabindex', '0')
  }
}

function placeOf(node: SVGGElement): Place {
  const [, x = '0', y = '0'] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(node.getAttribute('transform') ?? '') ?? []
  const card = node.querySelector('.card')
  return { x: Number(x), y: Number(y), width: Number(card?.getAttribute('width') ?? 0), height: Number(card?.getAttribute('height') ?? 0) }
}

/** The nearest in a direction: what stands straight ahead before what stands aside. */
function nearest(places: ReadonlyMap<string, Place>, from: string | undefined, key: string): string | undefined {
  const here = from === undefined ? undefined : places.get(from)
  if (here === undefined) return places.keys().next().value
  const [hx, hy] = [here.x + here.width / 2, here.y + here.height / 2]
  const isUpright = key === 'ArrowUp' || key === 'ArrowDown'
  const sign = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1
  let best: { readonly name: string; readonly far: number } | undefined
  for (const [name, { x, y, width, height }] of places) {
    const [dx, dy] = [x + width / 2 - hx, y + height / 2 - hy]
    const [ahead, aside] = isUpright ? [dy * sign, Math.abs(dx)] : [dx * sign, Math.abs(dy)]
    if (ahead < 8) continue
    const far = ahead + aside * 2
    if (best === undefined || far < best.far) best = { name, far }
  }
  return best?.name
}
