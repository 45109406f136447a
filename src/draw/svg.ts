/** A placed plan → SVG. Colours are classes; what belongs to which state stands in `data-…`, so that a page can light it up. */
import { LABEL_SIZE, LINE_SIZE, NOTE_HEIGHT, SIGN_ROOM, TITLE_SIZE } from './plan.ts'
import type { Box, Link, Plan } from './plan.ts'
import type { Placed, PlacedLink, Point } from './place.ts'
import { SIGNS } from './signs.ts'
import { OWN_STYLE } from './style.ts'
import { textWidth } from './text-width.ts'

const MARGIN = 16
const HEAD = 7
const LINE_HEIGHT = 14
/** How much wider letters are that are bold. */
const BOLD = 1.2

/** The picture as a document that stands alone, with colours for light and dark. */
export function svgOf(plan: Plan, placed: Placed): string {
  const [width, height] = [Math.ceil(placed.width + 2 * MARGIN), Math.ceil(placed.height + 2 * MARGIN)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" role="img" aria-label="${escaped(plan.graph.title)}">`,
    `<style>${OWN_STYLE}</style>`,
    `<rect class="paper" x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}"/>`,
    '<g class="edges">', ...plan.links.map((link, at) => edge(link, placed.links[at] as PlacedLink)), '</g>',
    '<g class="states">', ...plan.boxes.map((box, at) => node(box, placed.boxes[at] as Point)), '</g>',
    '</svg>\n',
  ].join('\n')
}

/** Text as it may stand in XML, attributes included. */
export function escaped(text: string): string {
  // what XML does not take at all
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}

function edge({ source, target, label, tone }: Link, { path, label: at }: PlacedLink): string {
  const text = label.map((line, index) => `<text class="label" x="${round(at.x - 6)}" y="${round(at.y + (index - (label.length - 1) / 2) * LINE_HEIGHT + 4)}">${escaped(line)}</text>`)
  const wide = Math.max(0, ...label.map(line => textWidth(line, LABEL_SIZE))) * (tone === 'key' ? BOLD : 1)
  const back = label.length === 0 ? '' : `<rect class="back" x="${round(at.x - 6 - wide / 2 - 3)}" y="${round(at.y - label.length * LINE_HEIGHT / 2)}" width="${round(wide + 6)}" height="${label.length * LINE_HEIGHT}" rx="3"/>`
  return [
    `<g class="edge ${tone}" data-from="${escaped(source)}" data-to="${escaped(target)}">`,
    path.length < 2 ? '' : `<path class="way" d="${curve(path)}"/><path class="head" d="${head(path)}"/>`,
    back, ...text, `<text class="count" x="${round(at.x - 6 + (wide === 0 ? 12 : wide / 2 + 5))}" y="${round(at.y + 4)}"/>`,
    '</g>',
  ].join('')
}

function curve(path: readonly Point[]): string {
  const [first, ...rest] = path.map(({ x, y }) => `${round(x)},${round(y)}`)
  return `M${first ?? ''}C${rest.join(' ')}`
}

/** A triangle at the end of a path, along its last stretch. */
function head(path: readonly Point[]): string {
  const tip = path.at(-1) as Point
  const before = path.findLast(point => Math.hypot(point.x - tip.x, point.y - tip.y) > 1) ?? { x: tip.x, y: tip.y - 1 }
  const length = Math.hypot(tip.x - before.x, tip.y - before.y)
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length]
  const [x, y] = [tip.x - dx * HEAD, tip.y - dy * HEAD]
  return `M${round(tip.x)},${round(tip.y)}L${round(x - dy * HEAD / 2)},${round(y + dx * HEAD / 2)} ${round(x + dy * HEAD / 2)},${round(y - dx * HEAD / 2)}z`
}

function node(box: Box, { x, y }: Point): string {
  const { kind, name, verb, width, height, title, line, notes } = box
  const head = height - (notes.length === 0 ? 0 : notes.length * NOTE_HEIGHT + 6)
  const place = `transform="translate(${round(x - width / 2)} ${round(y - height / 2)})"`
  if (kind === 'end') return `<g class="end" ${place}><title>end</title><circle cx="${width / 2}" cy="${height / 2}" r="5"/></g>`
  const sign = SIGNS[kind === 'anywhere' ? 'anywhere' : verb] ?? ''
  const identity = kind === 'state' ? `id="state:${escaped(name)}" data-state="${escaped(name)}" ` : ''
  const classes = `${kind} ${verb === '' ? '' : `verb-${verb} `}${box.isStart ? 'start ' : ''}`.trimEnd()
  const isCard = kind !== 'anywhere'
  return [
    `<g ${identity}class="${classes}" ${place}>`,
    `<title>${escaped(name)}</title>`,
    `<rect class="card" width="${width}" height="${height}" rx="${isCard ? 8 : height / 2}"/>`,
    isCard ? `<path class="tint" d="M8,0H${SIGN_ROOM - 6}V${height}H8A8,8 0 0 1 0,${height - 8}V8A8,8 0 0 1 8,0z"/>` : '',
    `<path class="sign" transform="translate(${isCard ? 6 : 9} ${head / 2 - 8})${isCard ? '' : ' scale(.75) translate(0 2.7)'}" d="${sign}"/>`,
    `<text class="${kind === 'state' ? 'name' : 'line'}" x="${isCard ? SIGN_ROOM : 27}" y="${line === '' ? head / 2 + TITLE_SIZE * 0.35 : 19}">${escaped(title)}</text>`,
    line === '' ? '' : `<text class="line" x="${SIGN_ROOM}" y="35">${escaped(line)}</text>`,
    ...notes.map(({ target, text }, at) => `<g class="edge note" data-from="${escaped(name)}" data-to="${escaped(target)}"><text class="line" x="${SIGN_ROOM}" y="${head + at * NOTE_HEIGHT + 9}">${escaped(text)}</text><text class="count" x="${SIGN_ROOM + textWidth(text, LINE_SIZE) + 6}" y="${head + at * NOTE_HEIGHT + 9}"/></g>`),
    box.ends ? `<rect class="stop" x="${width - 16}" y="${height / 2 - 4}" width="8" height="8" rx="1.5"/>` : '',
    '</g>',
  ].filter(part => part !== '').join(' ')
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}
