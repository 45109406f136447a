/** What a diff of two flows says: case by case, and by laws that hold for all flows. */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { rebuild } from '../src/check.ts'
import type { Flow } from '../src/compile/flow.ts'
import { summary } from '../src/diff/change.ts'
import { diff } from '../src/diff/diff.ts'
import { diffFlows } from '../src/diff/diff-flows.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'

interface Case {
  readonly name: string
  readonly replace?: Readonly<Record<string, string>>
  readonly recordings?: Readonly<Record<string, string>>
  readonly says?: readonly string[]
}

/** A flow whose every sound exists; what it holds is told by `recordings`, else by its name. */
function flowOf(text: string, recordings: Readonly<Record<string, string>> = {}): Flow {
  const sounds = new Map([...text.matchAll(/\b[\w/-]+\.mp3\b/g)].map(([name]) => [name, { hash: recordings[name] ?? name, format: 'mp3' as const }]))
  const flow = rebuild({ language: 1, name: 'test', path: 'test.yaml', text, sounds: [...sounds] }, { env: {}, hosts: ['sounds.example'], silence: SILENCE_FILE })
  if (flow === undefined) throw new Error(`this is no flow:\n${text}`)
  return flow
}

for (const file of readdirSync('test/cases/diff').sort()) {
  void t.test(file, async t => {
    const { base, cases } = parse(readFileSync(`test/cases/diff/${file}`, 'utf8')) as { base: string; cases: Case[] }
    const before = flowOf(base)
    t.ok(cases.length > 0)
    for (const { name, replace = {}, recordings = {}, says = [] } of cases) {
      const edited = Object.entries(replace).reduce((text, [from, to]) => text.replaceAll(from, to), base)
      t.ok(edited !== base || Object.keys(recordings).length > 0, `${name}: it is another file`)
      t.strictSame(diff(before, flowOf(edited, recordings)).map(change => change.text), says, name)
    }
  })
}

void t.test('whole flows, and one line of it all', async t => {
  const [one, other] = ['start: a\nnumbers: ["+46846500400"]\nstates: { a: { play: a.mp3, next: end } }', 'start: a\nstates: { a: { play: b.mp3, next: end } }'].map((text, index) => ({ ...flowOf(text), version: String(index) })) as [Flow, Flow]
  const changes = diffFlows(new Map([['kept', one], ['gone', one], ['edited', one]]), new Map([['kept', one], ['new', other], ['edited', other]]))
  t.match(changes, [
    { flow: 'edited', kind: 'line', before: '+46846500400' }, { flow: 'edited', kind: 'prompt', states: ['a'], names: ['play'], before: 'a.mp3', after: 'b.mp3' },
    { flow: 'gone', kind: 'flow-gone', text: 'the flow `gone` is gone (+46846500400)' }, { flow: 'new', kind: 'flow-new', text: 'the flow `new` is new' },
  ])
  t.equal(changes.length, 4)
  t.equal(summary(changes, 1), 'no longer answers the line +46846500400; and 3 more')
  t.equal(summary(changes.slice(2)), 'the flow `gone` is gone (+46846500400); the flow `new` is new')
})
