/** Flows as the operator sees and edits them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Flow } from '../compile/flow.ts'
import { ownCount } from '../lint/own.ts'
import { renderJson } from '../problem/render-json.ts'
import type { JsonProblem } from '../problem/render-json.ts'
import type { Edited } from '../reload/edit.ts'
import { FLOW_NAME, takeFlowText } from './flow-text.ts'
import type { ConsoleParts, Outcome } from './parts.ts'
import { refuse } from './refuse.ts'
import type { FlowShown, FlowsState, FlowState, SavedShown } from './shapes/flows.ts'

type Named = FastifyRequest<{ Params: { name: string } }>

/** What is live, what was refused and why, and the calls of each version. */
export function stateOf(parts: ConsoleParts, outcome: Outcome): FlowsState {
  const live = parts.live()
  const names = [...new Set([...live.keys(), ...Object.keys(outcome.refused)])].sort()
  return {
    version: 1, pending: parts.pending(), strict: parts.strict,
    flows: names.map(name => flowState(parts, outcome, name, live.get(name))),
    problems: outcome.problems,
    ...(outcome.failed === undefined ? {} : { failed: outcome.failed }),
  }
}

function flowState(parts: ConsoleParts, outcome: Outcome, name: string, flow: Flow | undefined): FlowState {
  const refused = Object.hasOwn(outcome.refused, name)
  return {
    name, state: flow === undefined ? 'waiting' : refused ? 'refused' : 'live',
    ...(flow === undefined ? { live: null } : { live: flow.version, title: flow.title, numbers: flow.numbers, states: ownCount(flow), answers: flow.answers, languages: flow.sections[0].languages, timezone: flow.timezone }),
    refused: refused ? { problems: problemsOf(outcome, name).filter(problem => problem.severity === 'error') } : null,
    calls: parts.usage().filter(usage => usage.flow === name).map(({ version, started, ended, lastUsed }) => ({
      version, live: version === flow?.version, started, inProgress: Math.max(0, started - ended), lastUsed: lastUsed === 0 ? null : new Date(lastUsed).toISOString(),
    })),
  }
}

/** Those of the flow's file and of its scripted calls; and errors that keep it from going live because of flows that it uses, or that use it. */
function problemsOf(outcome: Outcome, name: string): readonly JsonProblem[] {
  const flowOf = (file: string): string => /([^/\\]*?)(?:\.calls)?\.yaml$/.exec(file)?.[1] ?? ''
  const uses = outcome.uses.get(name) ?? []
  return outcome.problems.filter(problem => {
    if (flowOf(problem.file) === name) return true
    return problem.severity === 'error' && (uses.includes(flowOf(problem.file)) || (problem.related ?? []).some(other => flowOf(other.file) === name))
  })
}

export async function flowRoutes(app: FastifyInstance, parts: ConsoleParts): Promise<void> {
  app.get('/api/flows', async () => stateOf(parts, parts.last()))

  app.get('/api/flows/:name', async (request: FastifyRequest<{ Params: { name: string }; Querystring: { graph?: string } }>, reply) => {
    const { params: { name }, query: { graph: wanted } } = request
    if (wanted !== undefined && wanted !== 'false') return refuse(reply, 400, '`graph` is `false`, or left out')
    if (!FLOW_NAME.test(name)) return refuse(reply, 400, 'this is no name of a flow: small letters, digits, `-` and `_`')
    const flow = parts.live().get(name)
    const file = await parts.editor.onDisk(name)
    const outcome = parts.last()
    if (flow === undefined && file === undefined) return refuse(reply, 404, `there is no flow \`${name}\``)
    if (file !== undefined) reply.header('etag', `"${file.tag}"`)
    const graph = flow === undefined || wanted === 'false' ? undefined : await parts.pictures.pictures.graph(name, flow.version)
    const shown = JSON.stringify({ version: 1, ...flowState(parts, outcome, name, flow), source: file?.text ?? null, problems: problemsOf(outcome, name) } satisfies Omit<FlowShown, 'graph'>)
    // the graph is text already
    return reply.header('content-type', 'application/json; charset=utf-8').send(`${shown.slice(0, -1)},"graph":${graph ?? 'null'}}`)
  })

  await app.register(async bodies => {
    takeFlowText(bodies)
    bodies.put('/api/flows/:name', async (request: Named, reply) => {
      const { name } = request.params
      if (!FLOW_NAME.test(name)) return refuse(reply, 400, 'this is no name of a flow: small letters, digits, `-` and `_`')
      const isNew = request.headers['if-none-match']?.trim() === '*'
      const tags = tagsOf(request.headers['if-match'])
      if (!isNew && tags.length === 0) return refuse(reply, 412, 'send the ETag of the flow that you edited as `If-Match`; for a new flow, `If-None-Match: *`')
      const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      return answerEdit(reply, name, await parts.editor.alone(() => parts.editor.put(name, content, isNew ? undefined : tags)))
    })
  })

  await app.register(async bodiless => {
    // whatever a script sends along, with whatever type: a reload has nothing to read
    bodiless.removeAllContentTypeParsers()
    bodiless.addContentTypeParser('*', (_request, payload, done) => { payload.resume(); done(null) })
    bodiless.post('/api/reload', async (_request, reply) => {
      const outcome = await parts.reload()
      const status = outcome.failed !== undefined ? 503 : Object.keys(outcome.refused).length > 0 ? 422 : 200
      return reply.code(status).send({ ...stateOf(parts, outcome), changes: outcome.changes })
    })
  })
}

/** The strong tags of an If-Match; without quotes, as somebody types it, too. */
function tagsOf(header: string | undefined): string[] {
  if (header === undefined) return []
  const quoted = [...header.matchAll(/(W\/)?"([^"]*)"/g)]
  return quoted.length > 0 ? quoted.flatMap(match => (match[1] === undefined ? [match[2] as string] : ['weak'])) : header.split(',').map(tag => tag.trim()).filter(tag => tag !== '')
}

/** The answer to an edit: 200, 409, 412, 422 with the problems as lint gives them, or 503. */
export function answerEdit(reply: FastifyReply, name: string, edited: Edited, more: object = {}): FastifyReply {
  switch (edited.is) {
    case 'live': return reply.code(200).header('etag', `"${edited.version}"`).send({ version: 1, flow: name, live: edited.version, before: edited.before ?? null, changes: edited.changes, ...more } satisfies SavedShown)
    case 'refused': return reply.code(422).header('content-type', 'application/json; charset=utf-8').send(renderJson(edited.findings))
    case 'mismatch': return refuse(reply, 412, edited.why)
    case 'conflict': return refuse(reply, 409, edited.why)
    case 'failed': return refuse(reply, 503, edited.why)
  }
}
