/** The flows in force and the versions beside them: what stays in memory, and what calls made of it. */
import t from 'tap'
import { checkText } from './flow-in-text.ts'
import { check } from '../src/check.ts'
import type { Flow } from '../src/compile/flow.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { Library } from '../src/reload/library.ts'

const flowOf = (digits: number): Flow => {
  const text = `start: desk\nstates:\n  desk: { connect: "+4670174${String(digits).padStart(4, '0')}", on: { failed: end, busy: end, success: end } }\n`
  const served = check({ flows: [{ name: 'menu', path: 'menu.yaml', text }], sounds: new Map() }, { env: {}, hosts: [], silence: SILENCE_FILE }).served.get('menu')
  if (served === undefined) throw new Error(JSON.stringify(checkText(text).problems))
  return served.flow
}
const flows = Array.from({ length: 130 }, (_, index) => flowOf(index))
const at = (index: number): Flow => flows[index] as Flow
const named = (flow: Flow): Map<string, Flow> => new Map([[flow.name, flow]])

void t.test('versions leave memory by their last use, not by their age, and come back from the store', async t => {
  let now = 1000
  const loaded: string[] = []
  const library = new Library(async version => { loaded.push(version); return flows.find(flow => flow.version === version) }, () => now)
  library.swap(named(at(0)))
  for (const flow of flows.slice(1)) {
    now++
    t.equal(library.version(at(0).version), at(0), 'asked for all the while')
    library.swap(named(flow))
  }
  t.equal(library.peek(at(0).version), at(0), 'the oldest was used last')
  t.equal(library.peek(at(1).version), undefined, 'one that nobody asked for is gone')
  t.equal(library.peek(at(129).version), at(129))
  const both = await Promise.all([library.fetch(at(1).version), library.fetch(at(1).version)])
  t.same(both, [at(1), at(1)])
  t.same(loaded, [at(1).version], 'loaded once')
  t.equal(library.version(at(1).version), at(1))
  t.equal(await library.fetch('ffff'), undefined)
})

void t.test('usage', async t => {
  let now = 5000
  const library = new Library(async () => undefined, () => now)
  library.swap(named(at(0)))
  t.same(library.usage(), [{ flow: 'menu', version: at(0).version, started: 0, ended: 0, lastUsed: 0 }])
  library.began(at(0).version)
  library.began(at(0).version)
  now = 6000
  library.over(at(0).version)
  library.swap(named(at(1)))
  library.swap(named(at(2)))
  library.began('ffff')
  library.over('ffff')
  t.same(library.usage(), [
    { flow: 'menu', version: at(2).version, started: 0, ended: 0, lastUsed: 0 },
    { flow: 'menu', version: at(0).version, started: 2, ended: 1, lastUsed: 6000 },
  ], 'what is live, then what was used')
  for (let round = 0; round < 20; round++) for (const flow of flows) library.swap(named(flow))
  t.equal(library.usage().find(one => one.version === at(0).version)?.started, 2, 'counts outlive the version in memory')
})
