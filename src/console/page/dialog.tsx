/** A question that is answered before anything else is done. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export function Dialog({ title, children, closed }: { readonly title: string; readonly children: ComponentChildren; readonly closed: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const own = dialog.current
    own?.showModal()
    return () => own?.close()
  }, [])
  return <dialog class="dialog" ref={dialog} aria-labelledby="dialog-title" onCancel={event => { event.preventDefault(); closed() }}>
    <h2 id="dialog-title">{title}</h2>
    {children}
  </dialog>
}
