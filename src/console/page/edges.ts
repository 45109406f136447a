/** Rows that can be moved aside say on which side there is more. */
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** `when`: what changes how wide the row is. */
export function useEdges(row: RefObject<HTMLElement | null>, when: readonly unknown[]): void {
  useEffect(() => {
    const own = row.current
    if (own === null) return
    const look = (): void => {
      const { scrollLeft, scrollWidth, clientWidth } = own
      own.classList.toggle('more-before', scrollLeft > 1)
      own.classList.toggle('more-after', scrollLeft + clientWidth < scrollWidth - 1)
    }
    look()
    const seen = new ResizeObserver(look)
    seen.observe(own)
    own.addEventListener('scroll', look, { passive: true })
    return () => {
      seen.disconnect()
      own.removeEventListener('scroll', look)
    }
  }, when)
}
