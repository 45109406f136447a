/** Looking at a picture: moved and zoomed by mouse, touch and keys. */

import type { View } from './sight.ts'

export interface Seen {
  readonly left: number
  readonly top: number
  readonly scale: number
}

export interface Camera {
  /** All of it, as large as it can be read; of a very large one the place that matters. */
  fit(focus: DOMPoint | undefined): void
  zoom(factor: number): void
  move(dx: number, dy: number): void
  /** Brings a place of the picture into sight, to the middle unless it is well inside. */
  reveal(place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void
  /** Where a point of the picture is seen, and how large the picture is. */
  seen(x: number, y: number): Seen
  /** Brings a point to where it was seen before. */
  pin(x: number, y: number, seen: Seen): void
  /** Whether the pointer has just moved the picture: then a click is none. */
  readonly hasDragged: boolean
  stop(): void
}

const LEAST = 0.04
const MOST = 3
/** Below this, letters are hard to read: a picture that does not fit is shown from its beginning, as large as it reads well. */
const READABLE = 0.66
const WELL = { wide: 0.7, narrow: 0.85 }
/** Pixels up to which a picture has the room of a telephone's screen. */
const NARROW = 600
/** Pixels that a click may tremble. */
const TREMBLE = 4
const PADDING = 24
/** Pixels at the top where the search stands. */
const HEAD_ROOM = 52

/** A camera over an element; `size` is that of the picture, `stage` what is moved. `looked`: told what of the picture is seen, whenever that changes. */
export function createCamera(host: HTMLElement, stage: SVGGElement, size: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, looked: (view: View) => void = () => undefined): Camera {
  let [scale, left, top] = [1, 0, 0]
  let dragged = false
  const pointers = new Map<number, { x: number; y: number }>()
  const apply = (): void => {
    stage.setAttribute('transform', `translate(${left.toFixed(1)} ${top.toFixed(1)}) scale(${scale.toFixed(4)})`)
    looked({ left: -left / scale, top: -top / scale, right: (host.clientWidth - left) / scale, bottom: (host.clientHeight - top) / scale, scale })
  }
  const clamp = (value: number): number => Math.min(MOST, Math.max(Math.min(LEAST, scale), value))

  /** The picture never leaves sight altogether. */
  function settle(): void {
    const { clientWidth: w, clientHeight: h } = host
    const keep = 60
    left = Math.min(w - keep - size.x * scale, Math.max(keep - (size.x + size.width) * scale, left))
    top = Math.min(h - keep - size.y * scale, Math.max(keep - (size.y + size.height) * scale, top))
    fitted = undefined
    apply()
  }

  function zoomAt(factor: number, x: number, y: number): void {
    const next = clamp(scale * factor)
    left = x - (x - left) * next / scale
    top = y - (y - top) * next / scale
    scale = next
    settle()
  }

  const place = (event: PointerEvent | WheelEvent): { x: number; y: number } => {
    const box = host.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const middle = (): { x: number; y: number; apart: number } => {
    const [a, b] = [...pointers.values()] as [{ x: number; y: number }, { x: number; y: number }]
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) }
  }
  let start = { x: 0, y: 0 }
  /** Nobody has moved it since it was fitted: then it stays fitted, whatever becomes of the room. */
  let fitted: { readonly focus: DOMPoint | undefined } | undefined
  let room = { width: host.clientWidth, height: host.clientHeight }
  const well = (): number => (host.clientWidth < NARROW ? WELL.narrow : WELL.wide)

  function fit(focus: DOMPoint | undefined): void {
    const { clientWidth: w, clientHeight: h } = host
    const below = h - HEAD_ROOM
    const whole = Math.min((w - PADDING) / size.width, (below - PADDING) / size.height, 1.15)
    scale = focus === undefined || whole >= READABLE ? whole : well()
    left = w / 2 - (size.x + size.width / 2) * scale
    top = HEAD_ROOM + below / 2 - (size.y + size.height / 2) * scale
    if (focus !== undefined && scale > whole) {
      if (size.width * scale > w) left = w / 2 - focus.x * scale
      if (size.height * scale > below) top = HEAD_ROOM + PADDING - focus.y * scale
    }
    settle()
    fitted = { focus }
  }

  const observer = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = host
    const [dx, dy] = [(width - room.width) / 2, (height - room.height) / 2]
    room = { width, height }
    if (dx === 0 && dy === 0) return
    if (fitted !== undefined) return fit(fitted.focus)
    left += dx
    top += dy
    settle()
  })

  function down(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest('button, input') !== null) return
    pointers.set(event.pointerId, place(event))
    start = place(event)
    dragged = pointers.size > 1
  }
  function moved(event: PointerEvent): void {
    const before = pointers.get(event.pointerId)
    if (before === undefined) return
    const now = place(event)
    if (!dragged && Math.hypot(now.x - start.x, now.y - start.y) < TREMBLE) return
    if (!dragged) host.setPointerCapture(event.pointerId)
    dragged = true
    if (pointers.size >= 2) {
      const old = middle()
      pointers.set(event.pointerId, now)
      const next = middle()
      left += next.x - old.x
      top += next.y - old.y
      if (old.apart > 0) zoomAt(next.apart / old.apart, next.x, next.y)
      return
    }
    pointers.set(event.pointerId, now)
    left += now.x - before.x
    top += now.y - before.y
    settle()
  }
  function up(event: PointerEvent): void {
    pointers.delete(event.pointerId)
  }
  function wheel(event: WheelEvent): void {
    event.preventDefault()
    const { x, y } = place(event)
    const unit = event.deltaMode === 1 ? 20 : 1
    if (event.shiftKey) {
      left -= (event.deltaX + event.deltaY) * unit
      settle()
    } else zoomAt(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0016)), x, y)
  }

  host.addEventListener('pointerdown', down)
  host.addEventListener('pointermove', moved)
  host.addEventListener('pointerup', up)
  host.addEventListener('pointercancel', up)
  host.addEventListener('wheel', wheel, { passive: false })
  observer.observe(host)

  return {
    get hasDragged() { return dragged },
    fit,
    seen: (x, y) => ({ left: left + x * scale, top: top + y * scale, scale }),
    pin(x, y, seen) {
      scale = seen.scale
      left = seen.left - x * scale
      top = seen.top - y * scale
      settle()
    },
    zoom: factor => zoomAt(factor, host.clientWidth / 2, host.clientHeight / 2),
    move(dx, dy) {
      left += dx
      top += dy
      settle()
    },
    reveal({ x, y, width, height }) {
      const { clientWidth: w, clientHeight: h } = host
      const isSmall = scale < READABLE
      if (isSmall) scale = 1
      const [px, py] = [left + (x + width / 2) * scale, top + (y + height / 2) * scale]
      const edge = 70
      if (isSmall || px < edge || px > w - edge || py < edge || py > h - edge || scale * width > w) {
        fitted = undefined
        left += w / 2 - px
        top += h / 2 - py
      }
      apply()
    },
    stop() {
      observer.disconnect()
      host.removeEventListener('pointerdown', down)
      host.removeEventListener('pointermove', moved)
      host.removeEventListener('pointerup', up)
      host.removeEventListener('pointercancel', up)
      host.removeEventListener('wheel', wheel)
    },
  }
}
