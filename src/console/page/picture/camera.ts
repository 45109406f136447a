/** Looking at a picture: moved and zoomed by mouse, touch and keys. */

export interface Camera {
  /** All of it, as large as it can be read; of a very large one the place that matters. */
  fit(focus?: DOMPoint): void
  zoom(factor: number): void
  move(dx: number, dy: number): void
  /** Brings a place of the picture into sight, to the middle unless it is well inside. */
  reveal(place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void
  /** Whether the pointer has just moved the picture: then a click is none. */
  readonly hasDragged: boolean
  stop(): void
}

const LEAST = 0.04
const MOST = 3
/** Below this, letters cannot be read: a picture that does not fit is shown from its beginning. */
const READABLE = 0.7
/** Pixels that a click may tremble. */
const TREMBLE = 4
const PADDING = 24
/** Pixels at the top where the search stands. */
const HEAD_ROOM = 52

/** A camera over an element; `size` is that of the picture, `stage` what is moved. */
export function createCamera(host: HTMLElement, stage: SVGGElement, size: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): Camera {
  let [scale, left, top] = [1, 0, 0]
  let dragged = false
  const pointers = new Map<number, { x: number; y: number }>()
  const apply = (): void => stage.setAttribute('transform', `translate(${left.toFixed(1)} ${top.toFixed(1)}) scale(${scale.toFixed(4)})`)
  const clamp = (value: number): number => Math.min(MOST, Math.max(Math.min(LEAST, scale), value))

  /** The picture never leaves sight altogether. */
  function settle(): void {
    const { clientWidth: w, clientHeight: h } = host
    const keep = 60
    left = Math.min(w - keep - size.x * scale, Math.max(keep - (size.x + size.width) * scale, left))
    top = Math.min(h - keep - size.y * scale, Math.max(keep - (size.y + size.height) * scale, top))
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
  apply()

  return {
    get hasDragged() { return dragged },
    fit(focus) {
      const { clientWidth: w, clientHeight: h } = host
      const room = h - HEAD_ROOM
      const whole = Math.min((w - PADDING) / size.width, (room - PADDING) / size.height, 1.15)
      scale = focus === undefined ? whole : Math.max(whole, READABLE)
      left = w / 2 - (size.x + size.width / 2) * scale
      top = HEAD_ROOM + room / 2 - (size.y + size.height / 2) * scale
      if (focus !== undefined && scale > whole) {
        if (size.width * scale > w) left = w / 2 - focus.x * scale
        if (size.height * scale > room) top = HEAD_ROOM + PADDING - focus.y * scale
      }
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
      if (scale < READABLE) scale = Math.min(1, Math.max(READABLE, scale) * 1.5)
      const [px, py] = [left + (x + width / 2) * scale, top + (y + height / 2) * scale]
      const edge = 70
      if (px < edge || px > w - edge || py < edge || py > h - edge || scale * width > w) {
        left += w / 2 - px
        top += h / 2 - py
      }
      apply()
    },
    stop() {
      host.removeEventListener('pointerdown', down)
      host.removeEventListener('pointermove', moved)
      host.removeEventListener('pointerup', up)
      host.removeEventListener('pointercancel', up)
      host.removeEventListener('wheel', wheel)
    },
  }
}
