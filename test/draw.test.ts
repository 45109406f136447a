/** Flows as pictures: what is drawn, that nothing of a flow's own text becomes markup, and that there always is a picture. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { createDraughtsman } from '../src/console/draughtsman.ts'
import { createPictures } from '../src/console/pictures.ts'
import { draw } from '../src/draw/draw.ts'
import { graphOf } from '../src/draw/graph.ts'
import { mermaidOf } from '../src/draw/mermaid.ts'
import { placeInRows } from '../src/draw/columns.ts'
import { placeWithGraphviz } from '../src/draw/place.ts'
import { planOf } from '../src/draw/plan.ts'
import { escaped, svgOf } from '../src/draw/svg.ts'
import { flowIn } from './flow-in-text.ts'
import { ask, run, SOUND, until } from './serve/running.ts'
import { readXml } from './xml.ts'

const MENU = `start: hours
title: "A <b>bold</b> & \\"quoted\\" title"
timezone: Europe/Stockholm
numbers: ["+46846500400"]
on_error: bye
longest: { seconds: 600, goto: bye }
keys: { "0": desk }
defaults: { ivr: { on: { noinput: desk, nomatch: desk } } }
schedules: { office: { open: { mon-fri: 08:00-17:00 } } }
switches: { storm: { label: Storm, default: "off" } }
states:
  hours:
    route:
      - when: { schedule: office, is: holiday }
        goto: bye
      - when: { all: [{ switch: storm }, { caller: "+4670*" }] }
        goto: https://partner.example/elks?key=secret
      - goto: menu
  menu: { ivr: { say: "For sales, press one. <script>alert(1)</script>" }, sorry: wrong.mp3, on: { 1: sales, 2: sales, 3: { play: hours.mp3, next: menu } } }
  sales: { connect: ["+46846500411", "{{caller}}"], order: in-turn, between: wait.mp3, on: { busy: bye, failed: desk } }
  desk: { connect: "+46846500410", on: { failed: bye } }
  bye: { play: [{ say: "Goodbye, {{caller}}." }, bye.mp3], next: end }
`

/** A flow of so many menus, each of which leads to the next two. */
function large(states: number): string {
  const menu = (at: number): string => `  m${at}: { ivr: m.mp3, on: { 1: ${at * 2 + 1 < states ? `m${at * 2 + 1}` : 'bye'}, 2: ${at * 2 + 2 < states ? `m${at * 2 + 2}` : 'bye'} } }\n`
  return `start: m0\nkeys: { "9": bye }\ndefaults: { ivr: { on: { noinput: bye, nomatch: bye } } }\nstates:\n${Array.from({ length: states }, (_, at) => menu(at)).join('')}  bye: { play: bye.mp3, next: end }\n`
}

void t.test('the graph says what there is', async t => {
  const graph = graphOf(flowIn(MENU))
  t.match(graph, { version: 1, flow: 'test', title: 'A <b>bold</b> & "quoted" title', start: 'hours', anywhere: [{ why: 'longest', seconds: 600, to: 'bye' }, { why: 'on_error', to: 'bye' }] })
  t.strictSame(graph.states.map(({ name, verb, does }) => [name, verb, does]), [
    ['hours', 'route', ''], ['menu', 'ivr', '“For sales, press one. <script>alert(1)</script>”'], ['sales', 'connect', '+46846500411, {{caller}} in-turn'], ['desk', 'connect', '+46846500410'],
    ['bye', 'play', '“Goodbye, {{caller}}.”'], ['menu.on.3', 'play', 'hours.mp3'],
  ])
  const edges = graph.edges.filter(edge => edge.from === 'hours' || edge.from === 'menu').map(({ from, edge, to, asks, shared }) => [from, edge, to, asks, shared])
  t.strictSame(edges, [
    ['hours', 'line 1', 'bye', 'office holiday', undefined], ['hours', 'line 2', 'https://partner.example/elks?key=secret', 'storm on and caller +4670*', undefined], ['hours', 'line 3', 'menu', 'else', undefined],
    ['menu', '0', 'desk', undefined, 'keys'], ['menu', '1', 'sales', undefined, undefined], ['menu', '2', 'sales', undefined, undefined], ['menu', '3', 'menu.on.3', undefined, undefined],
    ['menu', 'sorry', 'menu', undefined, undefined], ['menu', 'noinput', 'desk', undefined, 'defaults'], ['menu', 'nomatch', 'desk', undefined, 'defaults'],
  ])
  const heard = (name: string) => graph.states.find(state => state.name === name)?.hears.map(({ role, name: sound, text, hash }) => [role, sound, text, hash !== undefined])
  t.strictSame(heard('sales'), [['between', 'wait.mp3', undefined, true]])
  t.strictSame(heard('menu')?.map(([role]) => role), ['prompt', 'sorry'])
  t.match(JSON.parse(JSON.stringify(graph)), graph, 'it is plain data')
})

void t.test('what is drawn', async t => {
  const plan = planOf(graphOf(flowIn(MENU)))
  const link = (from: string, to: string) => plan.links.find(one => one.source === from && one.target === to)
  t.strictSame(link('menu', 'sales')?.label, ['1, 2'], 'keys to the same state share an arrow')
  t.equal(link('menu', 'menu'), undefined, 'asking again is no way')
  t.equal(link('bye', 'end'), undefined, 'a state that only ends says so itself')
  t.ok(plan.boxes.find(box => box.name === 'bye')?.ends)
  t.equal(plan.boxes.find(box => box.kind === 'address')?.title, 'https://partner.example/elks?…', 'what may be a key is not shown')
  t.notOk(plan.boxes.some(box => box.kind === 'anywhere' && box.name.includes('noinput')), 'what few states share is drawn at each')
  const many = planOf(graphOf(flowIn(large(20))))
  t.strictSame(many.boxes.filter(box => box.kind === 'anywhere').map(box => box.name), ['9, noinput, nomatch'], 'what many share, once')
})

void t.test('nothing of a flow becomes markup', async t => {
  const svg = await draw(graphOf(flowIn(MENU)))
  t.equal(readXml(svg).name, 'svg', 'it is XML')
  t.notMatch(svg, /<script|<b>|onload|javascript:/i)
  t.match(svg, 'one. &#60;s')
  t.match(svg, 'aria-label="A &#60;b&#62;bold')
  t.notMatch(svg, 'secret')
  t.notMatch(mermaidOf(planOf(graphOf(flowIn(MENU)))), /<script|[[({]"[^"]*["<][^"]*<script/)
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => readXml(`<a b="${escaped(text)}">${escaped(text)}</a>`).name === 'a'), { numRuns: 300 })
})

void t.test('everything has its place: inside, and no box on another', async t => {
  for (const text of [MENU, large(5), large(60)]) {
    const plan = planOf(graphOf(flowIn(text)))
    for (const [way, placed] of [['Graphviz', await placeWithGraphviz(plan)], ['Graphviz, plainly', await placeWithGraphviz(plan, true)], ['rows', placeInRows(plan)]] as const) {
      const boxes = plan.boxes.map((box, at) => ({ ...box, ...(placed.boxes[at] ?? { x: NaN, y: NaN }) }))
      t.strictSame(boxes.filter(box => !(box.x - box.width / 2 >= -1 && box.y - box.height / 2 >= -1 && box.x + box.width / 2 <= placed.width + 1 && box.y + box.height / 2 <= placed.height + 1)), [], `${way}: all inside`)
      const overlaps = boxes.flatMap((a, at) => boxes.slice(at + 1).filter(b => Math.abs(a.x - b.x) < (a.width + b.width) / 2 - 1 && Math.abs(a.y - b.y) < (a.height + b.height) / 2 - 1).map(b => `${a.name} and ${b.name}`))
      t.strictSame(overlaps, [], `${way}: none on another`)
      t.ok(placed.links.every(link => link.path.length >= 4 && (link.path.length - 1) % 3 === 0), `${way}: every arrow has its way`)
      t.equal(svgOf(plan, placed).match(/data-state=/g)?.length, plan.graph.states.length)
    }
  }
})

void t.test('a flow that takes too long is drawn all the same', async t => {
  const draughtsman = createDraughtsman({ patience: 1 })
  t.teardown(() => draughtsman.close())
  const graph = JSON.stringify(graphOf(flowIn(large(300))))
  // a millisecond is too little for a thread to start: none of the ways that may take long gets there
  const patient = createDraughtsman({ patience: 60_000 })
  t.teardown(() => patient.close())
  const [{ svg: plain, care: ofPlain }, { svg: fine, care: ofFine }] = await Promise.all([draughtsman.draw(graph), patient.draw(graph)])
  t.strictSame([ofPlain, ofFine], ['rows', 'fine'], 'it says how')
  t.equal(plain.match(/data-state=/g)?.length, 301)
  t.equal(fine.match(/data-state=/g)?.length, 301)
  t.not(plain, fine)
  const two = await Promise.all([patient.draw(JSON.stringify(graphOf(flowIn(large(3))))), patient.draw(JSON.stringify(graphOf(flowIn(MENU))))])
  t.strictSame(two.map(({ svg }) => svg.match(/data-state=/g)?.length), [4, 6], 'one after the other')
  await patient.close()
  await t.rejects(patient.draw(graph), /stops/)
})

void t.test('pictures that are kept', async t => {
  const impatient = createDraughtsman({ patience: 1 })
  const patient = createDraughtsman({ patience: 60_000 })
  t.teardown(() => Promise.all([impatient.close(), patient.close()]))
  const graph = JSON.stringify(graphOf(flowIn(large(120))))
  const drawn: string[] = []
  let inHurry = true
  const pictures = createPictures({
    source: async version => (version === 'none' ? undefined : { language: 1, name: 'large', path: 'large.yaml', text: '', sounds: [] }), graph: async () => graph, again: 1,
    draughtsman: { warm: () => undefined, draw: json => { drawn.push(inHurry ? 'in a hurry' : 'with time'); return (inHurry ? impatient : patient).draw(json) } },
  })
  pictures.prepare(new Map([['large', 'a1'], ['other', 'none']]))
  await until('it is drawn before anybody asks', () => drawn.length === 1)
  const plain = await pictures.picture('large', 'a1')
  t.equal(drawn.length, 1, 'and then not once more')
  t.equal(plain?.tag, 'a1-rows')
  inHurry = false
  const fine = await until('it is tried again', async () => { const now = await pictures.picture('large', 'a1'); return now?.tag === 'a1' ? now : undefined })
  t.not(String(fine.plain), String(plain?.plain))
  t.equal(fine.plain.toString().match(/data-state=/g)?.length, 121)
  const count = drawn.length
  await pictures.picture('large', 'a1')
  pictures.prepare(new Map([['large', 'a1']]))
  t.equal(drawn.length, count, 'a fine one stays')
  t.equal(await pictures.picture('other', 'a1'), undefined, 'of another flow')
  inHurry = true
  await pictures.picture('large', 'b2')
  await until('who fails is tried more than once', async () => { await pictures.picture('large', 'b2'); return drawn.length >= count + 3 })
})

void t.test('a large flow is drawn when it goes live', async t => {
  const threads: Worker[] = []
  const began = (message: unknown): void => { threads.push((message as { worker: Worker }).worker) }
  subscribe('worker_threads', began)
  t.teardown(() => unsubscribe('worker_threads', began))
  const small = await run({ files: { 'menu.yaml': large(3).replaceAll('.mp3', '.wav'), 'm.wav': SOUND, 'bye.wav': SOUND } })
  t.teardown(() => small.stop())
  const few = threads.length
  writeFileSync(join(small.folder, 'menu.yaml'), large(120).replaceAll('.mp3', '.wav'))
  t.equal((await ask(`${small.admin}/api/reload`)).status, 200)
  await until('a thread draws', () => threads.length === few + 1)
})

void t.test('tonval graph', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-graph-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const run = async (...args: string[]) => {
    const said = { out: '', err: '' }
    const status = await runCommand(['graph', ...args], { stdout: { write: (text: string) => { said.out += text } }, stderr: { write: (text: string) => { said.err += text } }, stdin: (async function * () { yield '' })(), env: {}, cwd: process.cwd() })
    return { status, ...said }
  }
  t.match(await run('switchboard'), { status: 0, out: /^<svg [^]*data-state="voicemail"[^]*<\/svg>\n$/, err: '' })
  t.match(await run('flows/switchboard.yaml', '--format', 'mermaid'), { status: 0, out: /^flowchart TD\n/ })
  const json = await run('switchboard', '--format', 'json')
  t.match(JSON.parse(json.out), { version: 1, flow: 'switchboard', start: 'welcome', states: [{ name: 'welcome', verb: 'play' }] })
  t.match(await run('switchboard', '--output', join(folder, 'x.svg')), { status: 0, out: '' })
  t.match(readFileSync(join(folder, 'x.svg'), 'utf8'), /^<svg /)
  t.match(await run('switchbord'), { status: 2, err: /did you mean `switchboard`/ })
  t.match(await run('switchboard', '--format', 'png'), { status: 2, err: /svg, mermaid, json/ })
  t.match(await run('switchboard', '--output', join(folder, 'no', 'x.svg')), { status: 2, err: /cannot be written/ })
  t.match(await run('--help'), { status: 0, out: /Exit status/ })
})
