/** 1,000 scripted calls of 20 steps, held over `step` and over HTTP in virtual time. Prints numbers; goal: under 10 s on two cores. */
import { checkCalls } from '../../src/check.ts'
import { holdTwice } from '../../src/cli/hold-twice.ts'
import { SILENCE_FILE } from '../../src/prompts/silence.ts'

const CALLS = 1000
/** Steps of a script: what is met, and what is done about it. */
const STEPS = 20

const flow = `
start: menu
states:
  menu: { ivr: true, on: { 1: hours, 2: end, noinput: end, nomatch: end } }
  hours: { play: sound/beep, skippable: false, next: menu }
`
const round = '{ ivr: {} }, { press: 1 }, { play: sound/beep }'
const steps = `${Array.from({ length: (STEPS - 2) / 3 }, () => round).join(', ')}, { ivr: {} }, hang-up`
const text = `calls:\n${Array.from({ length: CALLS }, (_, index) => `  - { name: call ${index}, steps: [${steps}] }\n`).join('')}`

const settings = { env: {}, hosts: [], silence: SILENCE_FILE }
const cpu = process.cpuUsage()
const began = performance.now()
const { held, problems } = checkCalls({ flows: [{ name: 'bench', path: 'bench.yaml', text: flow }], calls: [{ name: 'bench', path: 'bench.calls.yaml', text }], sounds: new Map() }, settings)
const checked = performance.now()
const results = await holdTwice(held, false, () => undefined)
const ended = performance.now()
const { user, system } = process.cpuUsage(cpu)
const failed = problems.filter(problem => problem.severity === 'error').length + results.filter(result => result.failure !== undefined).length
const requests = held.reduce((sum, one) => sum + one.encounters.length, 0)
console.log(`${held.length} scripted calls of ${STEPS} steps: ${((ended - began) / 1000).toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of CPU)`)
console.log(`read and held over step: ${((checked - began) / 1000).toFixed(2)} s; over HTTP: ${((ended - checked) / 1000).toFixed(2)} s, some ${requests} actions; ${failed} failed`)
if (failed > 0 || held.length !== CALLS) process.exitCode = 1
