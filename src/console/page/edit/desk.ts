/** What is being written of one flow: kept while the page is open, wherever on it one goes. */
import { ApiError, ask, exchange } from '../api.ts'
import type { DraftShown, FlowShown, FlowsState, JsonProblem, SavedShown, VersionSourceShown } from '../api-shapes.ts'
import type { Drawing } from '../scene.ts'
import { createStore } from '../store.ts'
import type { Store } from '../store.ts'

/** Milliseconds without a change after which a text is checked; and after which it is drawn. */
const [STILL, STILL_LONGER] = [180, 250]

/** A file as it was read. */
export interface Base {
  readonly text: string
  /** What the server knows it by; undefined for a file that is not there. */
  readonly tag: string | undefined
}

/** What became of the last attempt to save. */
export type Saved =
  | { readonly is: 'live'; readonly version: string; readonly seconds: number }
  | { readonly is: 'refused' }
  | { readonly is: 'failed'; readonly why: string }

export interface DeskState {
  /** What the text was made of; undefined while it is being read. */
  readonly base: Base | undefined
  readonly text: string
  /** What was said last, and of which text. */
  readonly said?: { readonly text: string; readonly draft: DraftShown }
  /** Why nothing is said. */
  readonly trouble?: string
  readonly drawing?: Drawing
  readonly isSaving: boolean
  readonly saved?: Saved
  /** The file as it is now, where somebody else has written it meanwhile. */
  readonly theirs?: Base
}

export interface Desk {
  readonly name: string
  readonly state: Store<DeskState>
  /** Reads the file, or looks whether it is still what was read. */
  look(): Promise<void>
  edit(text: string): void
  /** The last word on the text as it is now. */
  settle(): Promise<DraftShown | undefined>
  save(): Promise<void>
  /** Gives up what was written for what is in the file. */
  takeTheirs(): void
  /** Goes on with what was written: saving it will replace what is in the file. */
  keepMine(): void
}

const desks = new Map<string, Desk>()
const editor = Math.random().toString(36).slice(2, 12)

export function deskOf(name: string): Desk {
  const known = desks.get(name) ?? createDesk(name)
  desks.set(name, known)
  return known
}

/** A desk for a flow that does not exist yet. */
export function newDesk(name: string, text: string): Desk {
  const desk = createDesk(name, { text: '', tag: undefined })
  desks.set(name, desk)
  desk.edit(text)
  return desk
}

export function isDirty({ base, text }: DeskState): boolean {
  return base !== undefined && text !== base.text
}

/** Whether saving would write anything: a file that is not there can be made as it was. */
export function canSave({ base, text }: DeskState): boolean {
  return base !== undefined && (base.tag === undefined || text !== base.text)
}

// whoever closes the page is asked
addEventListener('beforeunload', event => {
  if ([...desks.values()].some(desk => isDirty(desk.state.get()))) event.preventDefault()
})

function createDesk(name: string, first?: Base): Desk {
  const at = `/api/flows/${encodeURIComponent(name)}`
  const state = createStore<DeskState>({ base: first, text: first?.text ?? '', isSaving: false })
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined
  const change = (part: Partial<DeskState>): void => state.set({ ...state.get(), ...part })
  const drop = (...names: readonly (keyof DeskState)[]): void => state.set(Object.fromEntries(Object.entries(state.get()).filter(([key]) => !names.includes(key as keyof DeskState))) as unknown as DeskState)

  async function check(text: string, picture: boolean, signal: AbortSignal): Promise<DraftShown> {
    return ask<DraftShown>(`${at}/check?editor=${editor}${picture ? '&picture=true' : ''}`, { method: 'POST', body: text, headers: { 'content-type': 'application/yaml' }, signal })
  }

  async function say(): Promise<DraftShown | undefined> {
    clearTimeout(timer)
    asking?.abort()
    const { signal } = asking = new AbortController()
    const { text } = state.get()
    try {
      const draft = await check(text, false, signal)
      if (signal.aborted) return undefined
      drop('trouble')
      change({ said: { text, draft } })
      if (draft.graph !== null && isDirty(state.get()) && JSON.stringify(draft.graph) !== JSON.stringify(state.get().drawing?.graph)) timer = setTimeout(() => void draw(text, signal), STILL_LONGER)
      return draft
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError && error.status === 409)) change({ trouble: (error as Error).message })
      return undefined
    }
  }

  async function draw(text: string, signal: AbortSignal): Promise<void> {
    // a text that cannot be drawn now keeps the picture before
    const { graph, picture } = await check(text, true, signal).catch(() => ({ graph: null, picture: undefined }))
    if (!signal.aborted && graph !== null && picture !== undefined) change({ drawing: { graph, svg: picture } })
  }

  async function read(): Promise<Base> {
    const { base } = state.get()
    // what nobody has made yet is not asked for: a browser would complain that it is not there
    if (base !== undefined && base.tag === undefined && !(await ask<FlowsState>('/api/flows')).flows.some(flow => flow.name === name)) return base
    const response = await exchange(`${at}?graph=false`)
    if (response.status === 404) return { text: '', tag: undefined }
    const body = await response.json() as FlowShown & { readonly detail?: string }
    if (!response.ok) throw new ApiError(response.status, body.detail ?? response.statusText, body)
    if (body.source !== null) return { text: body.source, tag: response.headers.get('etag') ?? undefined }
    // the file is gone: what answers can be written anew
    const { source } = await ask<VersionSourceShown>(`/api/versions/${body.live ?? ''}`)
    return { text: source.text, tag: undefined }
  }

  async function look(): Promise<void> {
    const now = await read()
    const { base, text, isSaving } = state.get()
    if (isSaving) return
    if (base === undefined) {
      change({ base: now, text: now.text })
      void say()
    } else if (now.text === base.text || now.text === text) {
      // what it is known by changes with the flows that it runs
      change({ base: now })
      drop('theirs')
      // what was saved is no longer there
      if (now.tag === undefined) drop('saved')
    } else if (text === base.text) {
      change({ base: now, text: now.text })
      void say()
    } else change({ theirs: now })
  }

  async function put(): Promise<void> {
    const { base, text } = state.get()
    const began = performance.now()
    const response = await exchange(at, { method: 'PUT', body: text, headers: { 'content-type': 'application/yaml', ...(base?.tag === undefined ? { 'if-none-match': '*' } : { 'if-match': base.tag }) } })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) {
      change({ base: { text, tag: response.headers.get('etag') ?? undefined }, saved: { is: 'live', version: (body as SavedShown).live, seconds: (performance.now() - began) / 1000 } })
      drop('theirs', 'drawing')
    } else if (response.status === 422) {
      const { problems } = body as { readonly problems: readonly JsonProblem[] }
      const { said } = state.get()
      change({ saved: { is: 'refused' }, said: { text, draft: { ...(said?.draft ?? { version: 1, flow: name, live: null, graph: null, changes: null }), fits: false, problems } } })
    } else change({ saved: { is: 'failed', why: (body as { readonly detail?: string } | undefined)?.detail ?? response.statusText } })
  }

  return {
    name, state, look,
    edit(text) {
      if (text === state.get().text) return
      change({ text })
      drop('saved')
      if (!isDirty(state.get())) drop('drawing')
      clearTimeout(timer)
      timer = setTimeout(() => void say(), STILL)
    },
    async settle() {
      const { said, text } = state.get()
      return said?.text === text ? said.draft : say()
    },
    async save() {
      if (state.get().isSaving) return
      change({ isSaving: true })
      drop('saved')
      try {
        await put()
      } catch (error) {
        change({ saved: { is: 'failed', why: (error as Error).message } })
      }
      change({ isSaving: false })
      // perhaps it is no longer what was read: how it was saved is not kept waiting for that
      void look().catch(() => undefined).then(() => state.get().saved?.is === 'live' ? say() : undefined)
    },
    takeTheirs() {
      const { theirs } = state.get()
      if (theirs === undefined) return
      change({ base: theirs, text: theirs.text })
      drop('theirs', 'saved', 'drawing')
      void say()
    },
    keepMine() {
      const { theirs } = state.get()
      if (theirs === undefined) return
      change({ base: theirs })
      drop('theirs', 'saved')
      void say()
    },
  }
}

/** What can be typed at a place of a text, or what stands there. */
export function askAbout<T>(name: string, what: 'complete' | 'hover', text: string, offset: number, signal?: AbortSignal): Promise<T> {
  return ask<T>(`/api/flows/${encodeURIComponent(name)}/${what}?editor=${editor}`, { method: 'POST', json: { text, offset }, ...(signal === undefined ? {} : { signal }) })
}
