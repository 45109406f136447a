/** The flow's file, written in the page. */
import { useMemo } from 'preact/hooks'
import { deskOf } from '../edit/desk.ts'
import { EditView } from '../edit/edit-view.tsx'
import type { FlowPart } from '../part.ts'
import type { Scene } from '../scene.ts'

export const edit: FlowPart = { path: 'edit', label: words => words.edit, isWide: true, View: Edit }

function Edit({ scene }: { readonly scene: Scene }) {
  const desk = useMemo(() => deskOf(scene.name), [scene.name])
  return <EditView desk={desk} scene={scene} />
}
