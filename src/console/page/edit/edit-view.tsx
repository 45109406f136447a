/** The text of a flow beside its picture: what is wrong with it and what it changes stand below, and nothing is written before it is saved. */
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DraftShown, ExplainedShown, OfferedShown } from '../api-shapes.ts'
import { ChangeList } from '../change-list.tsx'
import { Dialog } from '../dialog.tsx'
import { onEvent } from '../live.ts'
import { Failed, Loading } from '../notice.tsx'
import type { Scene } from '../scene.ts'
import { isOf } from '../state-problems.ts'
import { useStore } from '../store.ts'
import { useWords } from '../words.ts'
import type { Words } from '../words.ts'
import type { CodeEditor, openCodeEditor } from './code-editor.ts'
import { askAbout, canSave, isDirty } from './desk.ts'
import type { Desk, DeskState } from './desk.ts'
import { DiffView } from './diff-view.tsx'
import { breakOf } from './places.ts'
import { fixWords } from './mends.ts'
import { lineOfState, stateAt } from './state-lines.ts'
import { Told } from './told.tsx'

type Open = typeof openCodeEditor

export function EditView({ desk, scene }: { readonly desk: Desk; readonly scene: Scene }) {
  const words = useWords()
  const state = useStore(desk.state)
  const [open, setOpen] = useState<Open>()
  const [trouble, setTrouble] = useState<string>()
  const [asked, setAsked] = useState<DraftShown>()
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<CodeEditor | undefined>(undefined)
  const current = useRef(scene)
  current.current = scene

  function look(): void {
    desk.look().then(() => setTrouble(undefined), (error: unknown) => setTrouble((error as Error).message))
  }
  useEffect(() => {
    import('./code-editor.ts').then(({ openCodeEditor }) => setOpen(() => openCodeEditor), (error: unknown) => setTrouble((error as Error).message))
  }, [])
  useEffect(() => {
    look()
    const stops = ['state', 'live', 'refused', 'checked'].map(event => onEvent(event, look))
    return () => { for (const stop of stops) stop() }
  }, [desk])
  // the picture follows, and goes back to what is live when one leaves
  useEffect(() => current.current.show({ draft: state.drawing, said: state.said === undefined ? undefined : { text: state.said.text, problems: state.said.draft.problems } }), [state.drawing, state.said])
  useEffect(() => () => current.current.show({ draft: undefined, said: undefined }), [])

  async function save(): Promise<void> {
    if (!canSave(desk.state.get())) return
    const draft = await desk.settle()
    if (draft?.fits === true && (draft.changes ?? []).length > 0) return setAsked(draft)
    await write()
  }
  async function write(): Promise<void> {
    setAsked(undefined)
    await desk.save()
    const { saved, said, text } = desk.state.get()
    // whoever has typed on meanwhile keeps the cursor
    const first = said?.text !== text ? undefined : said.draft.problems.find(problem => problem.severity === 'error' && isOf(problem, desk.name))
    if (saved?.is === 'refused' && first !== undefined) editor.current?.go(first.range.start.line, first.range.start.column)
  }
  useCodeEditor({ host, editor, open, desk, scene, state, words, save: () => void save() })

  if (state.base === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={look} />
  const problems = state.said?.draft.problems ?? []
  return <div class="edit">
    <div class="edit-bar">
      <p class={`edit-state${state.saved?.is === 'live' ? ' good' : state.saved !== undefined ? ' wrong' : ''}`} role="status">{standing(state, words)}</p>
      <button class="primary" disabled={!canSave(state) || state.isSaving || state.theirs !== undefined} onClick={() => void save()}>{state.isSaving ? words.saving : words.save}</button>
    </div>
    {state.theirs !== undefined && <div class="edit-theirs" role="alert">
      <p><strong>{state.theirs.tag === undefined ? words.fileDeleted : words.fileChanged}</strong></p>
      <DiffView before={state.theirs.text} after={state.text} label={words.theirsToMine} />
      <div class="choices"><button onClick={() => desk.keepMine()}>{words.keepMine}</button><button onClick={() => desk.takeTheirs()}>{words.takeTheirs}</button></div>
    </div>}
    <div class="edit-code" ref={host}>{open === undefined && <Loading />}</div>
    <Told
      name={desk.name} state={state} problems={problems} trouble={trouble}
      go={problem => editor.current?.go(problem.range.start.line, problem.range.start.column)} fix={problem => editor.current?.fix(problem)}
    />
    {asked !== undefined && <Dialog title={words.reallySave} closed={() => setAsked(undefined)}>
      <p class="sum">{words.changes}</p>
      <ChangeList changes={asked.changes ?? []} flow={desk.name} />
      <div class="choices"><button class="primary" onClick={() => void write()}>{words.save}</button><button onClick={() => setAsked(undefined)}>{words.writeOn}</button></div>
    </Dialog>}
  </div>
}

/** How it stands, in words. */
function standing(state: DeskState, words: Words): string {
  const { saved, base, isSaving } = state
  if (isSaving) return words.saving
  if (saved?.is === 'live') return words.savedLive(saved.version.slice(0, 7), saved.seconds.toFixed(1))
  if (saved?.is === 'refused') return words.savedRefused
  if (saved?.is === 'failed') return words.savedFailed(saved.why)
  if (base?.tag === undefined) return base?.text === '' ? words.newFile : words.fileGone
  return isDirty(state) ? words.unsaved : words.asSaved
}

interface Wired {
  readonly host: RefObject<HTMLDivElement | null>
  readonly editor: { current: CodeEditor | undefined }
  readonly open: Open | undefined
  readonly desk: Desk
  readonly scene: Scene
  readonly state: DeskState
  readonly words: Words
  readonly save: () => void
}

/** The editor in its place, with the text, the problems and the chosen state as they are. */
function useCodeEditor({ host, editor, open, desk, scene, state, words, save }: Wired): void {
  const latest = useRef({ scene, save })
  latest.current = { scene, save }
  /** Chosen by the cursor: the text need not follow. */
  const fromCursor = useRef<string | undefined>(undefined)
  const isRead = state.base !== undefined
  const lineBreak = breakOf(state.text)

  useEffect(() => {
    if (host.current === null || open === undefined || !isRead) return
    host.current.replaceChildren()
    const own = editor.current = open(host.current, {
      text: desk.state.get().text, label: words.editorLabel(`${desk.name}.yaml`), hint: words.editorHint, phrases: words.phrases, nonce: document.querySelector<HTMLMetaElement>('meta[name=nonce]')?.content ?? '',
      fixWords: problem => fixWords(problem, desk.state.get().text, words),
      complete: (text, offset, signal) => askAbout<OfferedShown>(desk.name, 'complete', text, offset, signal), explain: (text, offset) => askAbout<ExplainedShown>(desk.name, 'hover', text, offset),
      changed: text => desk.edit(text), save: () => latest.current.save(),
      moved(line) {
        const name = stateAt(desk.state.get().text, line)
        if (name === undefined || name === latest.current.scene.selected) return
        fromCursor.current = name
        latest.current.scene.select(name)
      },
    })
    const { said, text } = desk.state.get()
    if (said?.text === text) own.showProblems(said.draft.problems.filter(problem => isOf(problem, desk.name)))
    return () => {
      editor.current = undefined
      own.remove()
    }
  }, [open, desk, isRead, lineBreak, words])

  // an effect comes late: by then somebody may have typed on
  useEffect(() => editor.current?.setText(desk.state.get().text), [state.text])
  useEffect(() => {
    if (state.said !== undefined && state.said.text === desk.state.get().text) editor.current?.showProblems(state.said.draft.problems.filter(problem => isOf(problem, desk.name)))
  }, [state.said])
  useEffect(() => {
    const { selected } = scene
    if (selected === undefined || selected === fromCursor.current) return
    fromCursor.current = undefined
    const line = lineOfState(desk.state.get().text, selected)
    if (line !== undefined) editor.current?.show(line)
  }, [scene.selected, open])
}
