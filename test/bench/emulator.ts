/** 1,000 calls of 20 steps over HTTP in virtual time, against a webhook in this process. Prints numbers; goal: under 10 s. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { placeCall } from '../../src/emulator/call.ts'
import { follow, type Move } from '../../src/emulator/moves.ts'
import { openWire } from '../../src/emulator/wire.ts'
import { makeWave } from '../emulator/wave.ts'

const CALLS = 1000
const STEPS = 20
const AT_ONCE = 50

const wave = makeWave(4)
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'audio/wav')
    response.end(wave)
    return
  }
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    new URLSearchParams(Buffer.concat(parts).toString()).get('result')
    const step = Number(request.url?.slice(1))
    response.setHeader('content-type', 'application/json')
    const next = `${base}/${step + 1}`
    response.end(JSON.stringify(step < STEPS ? { ivr: `${base}/menu.wav`, digits: 1, timeout: 10, repeat: 3, next } : { hangup: 'reject' }))
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const moves: Move[] = Array.from({ length: STEPS }, () => ({ kind: 'press', keys: '1' }))

const wire = openWire({ connections: AT_ONCE })
const began = performance.now()
const cpu = process.cpuUsage()
let left = CALLS
let requests = 0
let failed = 0
const worker = async (): Promise<void> => {
  while (left-- > 0) {
    const report = await placeCall({ start: `${base}/0`, person: follow(moves), wire })
    requests += report.requests.length
    if (!report.ok || report.ended !== 'hangup') failed++
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, worker))
const seconds = (performance.now() - began) / 1000
const { user, system } = process.cpuUsage(cpu)
await wire.close()
server.close()
console.log(`${CALLS} calls of ${STEPS} steps, ${AT_ONCE} at a time: ${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of CPU, webhook included), ${requests} requests`)
console.log(`${((seconds * 1000) / requests).toFixed(3)} ms a request, ${failed} calls failed`)
if (failed > 0) process.exitCode = 1
