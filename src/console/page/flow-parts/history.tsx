/** The versions of a flow: what each changed for callers and in the text, and a way back. */
import { useEffect, useState } from 'preact/hooks'
import { ApiError, ask } from '../api.ts'
import type { DiffShown, JsonProblem, SavedShown, VersionShown, VersionSourceShown, VersionsShown } from '../api-shapes.ts'
import { ChangeList } from '../change-list.tsx'
import { Dialog } from '../dialog.tsx'
import { DiffView } from '../edit/diff-view.tsx'
import { onEvent } from '../live.ts'
import { Empty, Failed, Loading, Ticked } from '../notice.tsx'
import type { FlowPart } from '../part.ts'
import { ProblemList } from '../problem-list.tsx'
import type { Scene } from '../scene.ts'
import { Ago } from '../times.tsx'
import { useAsked } from '../use-asked.ts'
import { useWords } from '../words.ts'

export const history: FlowPart = { path: 'history', label: words => words.history, isWide: true, View: History }

function History({ scene }: { readonly scene: Scene }) {
  const words = useWords()
  const { value, trouble, again } = useAsked(async () => (await ask<VersionsShown>('/api/versions')).versions.filter(one => one.flow === scene.name).sort((a, b) => began(b) - began(a)), [scene.name])
  useEffect(() => onEvent('live', again), [again])
  const [opened, setOpened] = useState<string>()
  const [said, setSaid] = useState<string>()
  if (value === undefined) return trouble === undefined ? <Loading /> : <Failed why={trouble} again={again} />
  if (value.length === 0) return <Empty title={words.noVersions} hint={words.noVersionsHint} />
  return <>
    <p class="good" role="status">{said ?? ''}</p>
    <ol class="versions">{value.map((one, at) => <li key={one.version} class={`version${one.live ? ' live' : ''}`}>
      <div class="version-head">
        <button class="link version-open" aria-expanded={opened === one.version} onClick={() => setOpened(opened === one.version ? undefined : one.version)}><code>{one.version.slice(0, 7)}</code></button>
        {one.live && <span class="state-badge live">{words.versionNow}</span>}
        <span class="sum">{one.live ? <>{words.since} <Ago at={one.lastLive ?? one.stored} /></> : one.lastLive !== undefined ? <>{words.liveUntil} <Ago at={one.lastLive} /></> : <>{words.storedAt} <Ago at={one.stored} /></>}{one.inProgress > 0 && <> · {words.ofCalls(one.inProgress)}</>}</span>
      </div>
      {opened === one.version && <Version one={one} before={value[at + 1]} scene={scene} done={text => { setSaid(text); again() }} />}
    </li>)}</ol>
  </>
}

/** When a version began to answer. */
function began(one: VersionShown): number {
  return one.firstLive ?? one.stored
}

function Version({ one, before, scene, done }: { readonly one: VersionShown; readonly before: VersionShown | undefined; readonly scene: Scene; readonly done: (text: string) => void }) {
  const words = useWords()
  const [side, setSide] = useState<'before' | 'live'>('before')
  const [isAsking, setAsking] = useState(false)
  const { flow } = scene
  const [from, to] = side === 'live' && flow.live !== null ? [one.version, flow.live] : [before?.version, one.version]
  const compared = useAsked(async () => {
    if (from === undefined) return undefined
    const text = async (version: string): Promise<string> => (await ask<VersionSourceShown>(`/api/versions/${version}`)).source.text
    const [{ changes }, old, now] = await Promise.all([ask<DiffShown>(`/api/flows/${encodeURIComponent(scene.name)}/diff?from=${from}&to=${to}`), text(from), text(to)])
    return { changes, old, now }
  }, [from, to])
  return <div class="version-body">
    <div class="choices">
      {scene.drawing?.version !== one.version && <button onClick={() => scene.show({ version: one.version })}>{words.showPicture}</button>}
      {!one.live && <button onClick={() => setAsking(true)}>{words.rollBack}</button>}
    </div>
    {!one.live && flow.live !== null && <div class="choices" role="group" aria-label={words.compareWords}>
      {(['before', 'live'] as const).map(each => <button key={each} class={`choice${side === each ? ' on' : ''}`} aria-pressed={side === each} onClick={() => setSide(each)}>{each === 'before' ? words.fromBefore : words.toLive}</button>)}
    </div>}
    {from === undefined ? <p class="none">{words.oldest}</p> : compared.value === undefined ? (compared.trouble === undefined ? <Loading /> : <Failed why={compared.trouble} again={compared.again} />) : <>
      <h3>{words.compareWords}</h3>
      <ChangeList changes={compared.value.changes} flow={scene.name} />
      <h3>{words.textDiff}</h3>
      <DiffView before={compared.value.old} after={compared.value.now} label={words.textDiff} />
    </>}
    {isAsking && <RollBack one={one} scene={scene} closed={() => setAsking(false)} done={text => { setAsking(false); done(text) }} />}
  </div>
}

function RollBack({ one, scene, closed, done }: { readonly one: VersionShown; readonly scene: Scene; readonly closed: () => void; readonly done: (text: string) => void }) {
  const words = useWords()
  const [trouble, setTrouble] = useState<{ readonly why: string; readonly status: number; readonly problems: readonly JsonProblem[] }>()
  const [isBusy, setBusy] = useState(false)
  const changes = useAsked(async () => (scene.flow.live === null ? [] : (await ask<DiffShown>(`/api/flows/${encodeURIComponent(scene.name)}/diff?from=${scene.flow.live}&to=${one.version}`)).changes), [one.version])
  const goBack = (force: boolean): void => {
    setBusy(true)
    ask<SavedShown>(`/api/flows/${encodeURIComponent(scene.name)}/rollback`, { method: 'POST', json: { version: one.version, force } }).then(
      ({ live }) => {
        scene.show(undefined)
        done(words.rolledBack(live.slice(0, 7)))
      },
      (error: unknown) => {
        const { status, body, message } = error as ApiError
        setTrouble({ why: message, status, problems: status === 422 ? (body as { problems: readonly JsonProblem[] }).problems : [] })
      },
    ).finally(() => setBusy(false))
  }
  return <Dialog title={words.reallyRollBack(one.version.slice(0, 7))} closed={closed}>
    <p class="sum">{words.rollBackHint}</p>
    <h3>{words.changes}</h3>
    {changes.value === undefined ? <Loading /> : <ChangeList changes={changes.value} flow={scene.name} />}
    {trouble !== undefined && <div role="alert"><p class="wrong">{trouble.status === 422 ? words.savedRefused : <Ticked text={words.notDone(trouble.why)} />}</p><ProblemList problems={trouble.problems} here={scene.name} /></div>}
    <div class="choices">
      {trouble?.status === 409 ? <button class="danger" disabled={isBusy} onClick={() => goBack(true)}>{words.rollBackAnyway}</button> : <button class="primary" disabled={isBusy} onClick={() => goBack(false)}>{words.rollBack}</button>}
      <button onClick={closed}>{words.cancel}</button>
    </div>
  </Dialog>
}
