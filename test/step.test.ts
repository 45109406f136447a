import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import type { Step } from '../src/run/step.ts'
import { FIRST, linkedIn, replyText, walk } from './flow-in-text.ts'
import type { Outside } from './flow-in-text.ts'

/** One flow and the calls that are walked through it. */
interface Case {
  readonly name: string
  readonly flow: string
  readonly outside?: Outside
  /** For each: what the carrier reports, separated by spaces, and the answers after the first, or all of them where it begins with `|`. */
  readonly calls: readonly Walk[]
}

interface Walk {
  readonly name?: string
  readonly from?: string
  readonly to?: string
  readonly direction?: 'incoming' | 'outgoing'
  readonly reports?: string
  /** All answers, or the last one. */
  readonly answers?: readonly string[]
  readonly last?: string
  readonly broke?: boolean
  readonly trace?: readonly string[]
}

for (const file of readdirSync('test/cases/step').sort()) {
  const cases = parse(readFileSync(`test/cases/step/${file}`, 'utf8')) as Case[]
  void t.test(file, async t => {
    for (const { name, flow: text, outside, calls } of cases) {
      const flow = linkedIn(text, outside)
      for (const call of calls) {
        const forms = (call.reports ?? '').split(' ').filter(form => form !== '')
        const steps = walk(flow, forms, {
          caller: call.from ?? FIRST.caller, called: call.to ?? FIRST.called, direction: call.direction ?? 'incoming',
        })
        const answers = steps.map(step => replyText(step.reply))
        const label = `${name}: ${call.name ?? call.reports ?? ''}`
        if (call.answers !== undefined) t.same(answers, call.answers, label)
        if (call.last !== undefined) t.equal(answers.at(-1), call.last, label)
        if (call.trace !== undefined) t.same(steps.at(-1)?.trace.map(line => `${line.from} ${line.event} ${line.to}`), call.trace, label)
        t.equal(steps.at(-1)?.broke !== undefined, call.broke === true, `${label}: breaks or not`)
      }
    }
  })
}

/** The table of reports: for each verb its reports, each with the words in their order. */
const TABLE: readonly { verb: string; write: string; reports: readonly string[]; words: readonly string[]; next: boolean }[] = [
  { verb: 'ivr', write: 'ivr: a.mp3', reports: ['result=failed&why=noinput', '-', 'result=', '#'], words: ['noinput', 'failed'], next: true },
  { verb: 'ivr', write: 'ivr: a.mp3', reports: ['failed', 'result=failed&why=error', 'result=failed&why=', 'ok', 'success', 'busy', 'newincoming', 'newoutgoing', 'fish', '1#2', 'a1', 'FAILED'], words: ['failed', 'noinput'], next: true },
  { verb: 'ivr', write: 'ivr: a.mp3', reports: ['9', '9#', '99', '*', '*#'], words: ['nomatch', 'failed'], next: true },
  { verb: 'play', write: 'play: a.mp3', reports: ['failed', 'result=failed&why=noinput'], words: ['failed'], next: true },
  { verb: 'play', write: 'play: a.mp3', reports: ['ok', 'success', 'busy', '-', 'result=', '5', '#', 'newincoming', 'newoutgoing', 'fish'], words: ['success'], next: true },
  { verb: 'connect', write: 'connect: "+46701740601"', reports: ['success', 'ok'], words: ['success'], next: false },
  { verb: 'connect', write: 'connect: "+46701740601"', reports: ['busy'], words: ['busy', 'failed'], next: true },
  { verb: 'connect', write: 'connect: "+46701740601"', reports: ['failed', 'result=failed&why=noinput', '-', 'result=', '5', '#', 'newincoming', 'newoutgoing', 'no-answer', 'fish'], words: ['failed'], next: true },
  { verb: 'record', write: 'record: true', reports: ['success', 'ok'], words: ['success'], next: true },
  { verb: 'record', write: 'record: true', reports: ['failed', 'busy', '-', 'result=', '5', '#', 'newincoming', 'newoutgoing', 'fish'], words: ['failed'], next: true },
]

const ALL_WORDS: Readonly<Record<string, readonly string[]>> = {
  ivr: ['noinput', 'failed', 'nomatch'], play: ['success', 'failed'], connect: ['success', 'busy', 'failed'], record: ['success', 'failed'],
}

/** What `*` in the table stands for: an ivr whose `next` takes accepted input only. */
const RESTRICTED = ['', ', min: 1', ', valid: "[1-8]"', ', equals: "1"', ', save: entry']

function subsets<T>(list: readonly T[]): T[][] {
  return list.reduce<T[][]>((sets, one) => [...sets, ...sets.map(set => [...set, one])], [[]])
}

// none of them is a play, which would be nested into the play that leads there
const TARGETS = ['own-next', ...[...new Set(Object.values(ALL_WORDS).flat())].flatMap(word => [`own-${word}`, `default-${word}`])]

function heard(name: string): string {
  return `play ${name}.mp3 > record > end`
}

/** An edge as the table has it: the first word that exists, then `next`, then the defaults' words, then the end. */
function expected(row: typeof TABLE[number], on: readonly string[], next: boolean, defaults: readonly string[]): string {
  const own = row.words.find(word => on.includes(word))
  if (own !== undefined) return heard(`own-${own}`)
  if (next) return heard('own-next')
  const other = row.words.find(word => defaults.includes(word))
  return other === undefined ? 'hangup reject' : heard(`default-${other}`)
}

void t.test('every report of the table, with every set of edges written', async t => {
  for (const row of TABLE) {
    const words = ALL_WORDS[row.verb] as readonly string[]
    let checked = 0
    for (const options of row.verb === 'ivr' ? RESTRICTED : ['']) {
      for (const [on, defaults] of subsets(words).flatMap(on => subsets(words).map(defaults => [on, defaults] as const))) {
        for (const next of [true, false]) {
          const key = row.verb === 'ivr' ? ['1: end'] : []
          const edges = [...key, ...on.map(word => `${word}: own-${word}`)]
          const text = `
start: s
defaults: { ${row.verb}: { on: { ${defaults.map(word => `${word}: default-${word}`).join(', ')} } } }
states:
  s: { ${row.write}${options}, on: { ${edges.join(', ')} }${next ? ', next: own-next' : ''} }
${TARGETS.map(name => `  ${name}: { record: ${name}.mp3, beep: false, next: end }`).join('\n')}
`
          const flow = linkedIn(text)
          for (const report of row.reports) {
            const answer = replyText((walk(flow, [report]).at(-1) as Step).reply)
            const counts = row.next && next && options === ''
            if (answer !== expected(row, on, counts, defaults)) t.fail(`${row.verb}${options} ${report}: on ${on.join()}, next ${next}, defaults ${defaults.join()}: ${answer}`)
            checked++
          }
        }
      }
    }
    t.ok(checked > 0, `${row.verb} ${row.reports.join(' ')}: ${checked} answers`)
  }
})
