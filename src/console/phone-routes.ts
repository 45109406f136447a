/** Test calls over HTTP: `POST /api/phone` places one, `POST /api/phone/ID` is the person at the telephone, events tell what happens. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { standing } from '../compile/switch.ts'
import type { Flip, Switch } from '../compile/switch.ts'
import { addCall, namesIn, writeCall } from '../emulator/script/write-script.ts'
import { freeName } from '../emulator/script/replies.ts'
import { renderJson } from '../problem/render-json.ts'
import { createPhones, MOST_CALLS } from './phone/phones.ts'
import { readAct, readAsk, inZone } from './phone/read-ask.ts'
import type { ConsoleParts } from './parts.ts'
import { readQuery } from './query.ts'
import { refuse } from './refuse.ts'

type One = { readonly Params: { readonly id: string } }

const BODY = { bodyLimit: 16 * 1024 }
const MOST_NAME = 200
const NO_CALL = 'there is no such test call: it is over, or nobody listened to it for a minute'

/** Adds the routes. */
export async function phoneRoutes(app: FastifyInstance, parts: ConsoleParts): Promise<void> {
  const { live, phone, switches, source } = parts
  const phones = createPhones()
  app.addHook('preClose', () => phones.close())

  app.post('/api/phone', BODY, async ({ body }, reply) => {
    const ask = readAsk(body, live(), Date.now())
    if (typeof ask === 'string') return refuse(reply, 422, ask)
    const { flow } = ask
    const made = await source(flow.version)
    if (made === undefined) return refuse(reply, 503, `version ${flow.version} cannot be read: see the server's log`)
    const begun = await phones.begin({ ask, source: made, openLine: phone.openLine, settings: phone.settings, switches: unusual(flow.switches, switches.switches.flips, ask.at ?? switches.now()) })
    if (begun === undefined) return refuse(reply.header('retry-after', '60'), 429, `${MOST_CALLS} test calls are going on: hang up one of them`)
    const { id, call } = begun
    reply.code(201).header('location', `/api/phone/${id}`)
    return { version: 1, id, flow: flow.name, live: flow.version, call: call.callid, from: call.from ?? 'hidden', line: call.line, at: inZone(call.began, flow.timezone), language: ask.language ?? flow.sections[0].languages[0] }
  })

  app.post<One>('/api/phone/:id', BODY, async ({ params: { id }, body }, reply) => {
    const call = phones.find(id)
    if (call === undefined) return refuse(reply, 404, NO_CALL)
    const act = readAct(body)
    if (typeof act === 'string') return refuse(reply, 422, act)
    const against = act.act === 'hang-up' && call.over ? undefined : call.act(act)
    return against === undefined ? { version: 1, id } : refuse(reply, 409, against)
  })

  app.get<One>('/api/phone/:id/events', { exposeHeadRoute: false }, async ({ params: { id }, headers }, reply) => {
    if (phones.find(id) === undefined) return refuse(reply, 404, NO_CALL)
    const last = headers['last-event-id']
    reply.hijack()
    if (phones.listen(id, reply.raw, typeof last === 'string' && /^\d{1,9}$/.test(last) ? Number(last) : 0)) return reply
    reply.raw.writeHead(503, { 'retry-after': '5', 'content-type': 'application/problem+json' }).end('{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"too many listen to this call already"}')
    return reply
  })

  app.get<{ Params: { id: string; number: string } }>('/api/phone/:id/sounds/:number', async ({ params: { id, number } }, reply) => {
    const sound = /^[1-9]\d{0,5}$/.test(number) ? await phones.find(id)?.sound(Number(number)) : undefined
    if (sound === undefined) return refuse(reply, 404, 'there is no such sound')
    return reply.header('content-type', sound.type).header('cache-control', 'private, max-age=600').send(Buffer.from(sound.bytes))
  })

  app.get<One>('/api/phone/:id/script', async ({ params: { id }, query }, reply) => {
    const call = phones.find(id)
    if (call === undefined) return refuse(reply, 404, NO_CALL)
    const read = readQuery(query, ['name'])
    if (typeof read === 'string') return refuse(reply, 400, read)
    const name = read.name === undefined ? 'A test call' : readName(read.name)
    if (name === undefined) return refuse(reply, 400, `\`name\` says what this conversation shows, in a line of at most ${MOST_NAME} letters`)
    const script = call.script(name)
    if (script === undefined) return stillOn(reply)
    return reply.header('content-type', 'application/yaml; charset=utf-8').send(`calls:\n${writeCall(script)}`)
  })

  app.post<One>('/api/phone/:id/save', BODY, async ({ params: { id }, body }, reply) => {
    const call = phones.find(id)
    if (call === undefined) return refuse(reply, 404, NO_CALL)
    const name = readName((body as { name?: unknown } | null | undefined)?.name)
    if (name === undefined) return refuse(reply, 422, `say in \`name\` what this conversation shows, in a line of at most ${MOST_NAME} letters`)
    const script = call.script(name)
    if (script === undefined) return stillOn(reply)
    const flow = call.flow.name
    let saved = name
    const added = await parts.editor.alone(() => phone.addCall(flow, text => {
      saved = freeName(name, text === undefined ? [] : namesIn(text, `${flow}.calls.yaml`))
      return addCall(text, { ...script, name: saved }, `${flow}.calls.yaml`)
    }))
    switch (added.is) {
      case 'added': return reply.code(added.isNew ? 201 : 200).send({ version: 1, file: added.file, name: saved, isNew: added.isNew })
      case 'refused': return reply.code(422).header('content-type', 'application/json; charset=utf-8').send(renderJson(added.findings))
      case 'conflict': return refuse(reply, 409, added.why)
      case 'failed': return refuse(reply, 503, added.why)
    }
  })
}

function stillOn(reply: FastifyReply): FastifyReply {
  return refuse(reply, 409, 'the call is still going on, or it broke: hang up first')
}

function readName(name: unknown): string | undefined {
  return typeof name === 'string' && name.trim() !== '' && name.length <= MOST_NAME && !/\p{Cc}/u.test(name) ? name.trim() : undefined
}

/** Switches that stand elsewhere than usual. */
function unusual(declared: Readonly<Record<string, Switch>>, flips: ReadonlyMap<string, Flip>, now: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(declared).flatMap(([name, one]) => {
    const value = standing(one, flips.get(name), now)
    return value === one.default ? [] : [[name, value] as const]
  }))
}
