/**
 * The rival: a phone menu of six states written by hand for Fastify, the way the carrier's examples suggest.
 * No tokens, no checks, no state; the answers are constants. Fastify's request log is on.
 */
import formbody from '@fastify/formbody'
import fastify from 'fastify'

const BASE = process.env['PUBLIC_URL'] ?? 'https://voice.example.com'

const welcome = {
  ivr: `${BASE}/audio/welcome.mp3`, digits: 1, timeout: 10, repeat: 3,
  next: `${BASE}/voice/menu`, whenhangup: `${BASE}/hangup`,
}
const information = {
  play: `${BASE}/audio/opening-hours.mp3`, skippable: true,
  next: `${BASE}/voice/start`, whenhangup: `${BASE}/hangup`,
}
const sales = {
  connect: '+46701234567', timeout: 20,
  next: `${BASE}/voice/sales`, whenhangup: `${BASE}/hangup`,
}
const voicemail = {
  record: `${BASE}/recording`, timelimit: 120, silencedetection: 'yes',
  next: `${BASE}/voice/recorded`, whenhangup: `${BASE}/hangup`,
}
const thanks = {
  play: `${BASE}/audio/thanks.mp3`, skippable: false,
  next: `${BASE}/voice/bye`, whenhangup: `${BASE}/hangup`,
}
const bye = { hangup: 'reject', whenhangup: `${BASE}/hangup` }

type Form = { Body: { callid?: string; result?: string; why?: string } }

const app = fastify({ logger: { level: 'info', file: '/dev/null' } })
await app.register(formbody)

app.post('/voice/start', (_request, reply) => reply.send(welcome))

app.post<Form>('/voice/menu', (request, reply) => {
  switch (request.body.result) {
    case '1': return reply.send(sales)
    case '2': return reply.send(information)
    default: return reply.send(bye)
  }
})

app.post<Form>('/voice/sales', (request, reply) => {
  const { result } = request.body
  return reply.send(result === 'busy' || result === 'failed' ? voicemail : bye)
})

app.post<Form>('/voice/recorded', (request, reply) =>
  reply.send(request.body.result === 'success' ? thanks : bye))

app.post('/voice/bye', (_request, reply) => reply.send(bye))

app.post('/hangup', (_request, reply) => reply.code(204).send())
app.post('/recording', (_request, reply) => reply.code(204).send())

console.log(`${await app.listen({ host: '127.0.0.1', port: 0 })}/voice/start`)
