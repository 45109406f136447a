/** Texts that somebody is writing: checked, drawn, and completed as they are typed. Nothing of it is kept or written. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Drafts } from '../reload/drafts.ts'
import type { Draughtsman } from './draughtsman.ts'
import { FLOW_NAME, MOST_BODY, takeFlowText } from './flow-text.ts'
import { readQuery } from './query.ts'
import { refuse } from './refuse.ts'
import type { DraftShown, Explained, ExplainedShown, Offered, OfferedShown } from './shapes/drafts.ts'
import { createTurns } from './turns.ts'
import type { Turn } from './turns.ts'

/** Bytes of a question about a place in a text: in JSON a letter may take more than one. */
const MOST_QUESTION = 2 * MOST_BODY

/** What the language server knows, asked about a text in the place of a flow's file. Rejects where it takes too long. */
export interface Adviser {
  complete(name: string, text: string, offset: number): Promise<readonly Offered[]>
  /** Null where there is nothing to say. */
  explain(name: string, text: string, offset: number): Promise<Explained | null>
}

export interface DraftParts {
  readonly drafts: Drafts
  readonly adviser: Adviser
  readonly draughtsman: Draughtsman
}

type Asked = FastifyRequest<{ Params: { name: string }; Querystring: { editor?: string; picture?: string } }>

/** Requests that ask and change nothing, though they carry a text. */
export function isQuestion(path: string): boolean {
  return /^\/api\/flows\/[^/]+\/(?:check|complete|hover)$/.test(path)
}

/**
 * Adds `POST /api/flows/NAME/check`, whose body is a text; `…/complete` and `…/hover`, whose body is `{ text, offset }`. Of an
 * `?editor=` that asks faster than it is answered only the newest question counts; the others are 409.
 */
export async function draftRoutes(app: FastifyInstance, { drafts, adviser, draughtsman }: DraftParts): Promise<void> {
  const [checks, drawings, advice] = [createTurns(), createTurns(), createTurns()]
  const askerOf = ({ params: { name }, query: { editor = '' } }: Asked): string => `${editor.slice(0, 40)} ${name}`

  await app.register(async bodies => {
    takeFlowText(bodies)
    bodies.post('/api/flows/:name/check', async (request: Asked, reply) => {
      const { params: { name }, query: { picture } } = request
      if (!FLOW_NAME.test(name)) return refuse(reply, 400, 'this is no name of a flow: small letters, digits, `-` and `_`')
      const odd = readQuery(request.query, ['editor', 'picture'])
      if (typeof odd === 'string') return refuse(reply, 400, odd)
      if (picture !== undefined && picture !== 'true') return refuse(reply, 400, '`picture` is `true`, or left out')
      const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const turn = await checks.take(`${askerOf(request)} ${picture ?? ''}`, () => drafts.check(name, content))
      return answered(reply, turn, async ({ graph, changes, ...draft }) => {
        const drawn = graph === undefined || picture === undefined ? 'newer' : await drawings.take(askerOf(request), () => draughtsman.draw(JSON.stringify(graph)))
        return { version: 1, flow: name, ...draft, graph: graph ?? null, changes: changes ?? null, ...(typeof drawn === 'object' ? { picture: drawn.answer.svg } : {}) } satisfies DraftShown
      })
    })
  })

  app.post('/api/flows/:name/complete', { bodyLimit: MOST_QUESTION }, async (request: Asked, reply) => {
    const place = placeOf(request)
    if (typeof place === 'string') return refuse(reply, 400, place)
    const turn = await advice.take(`${askerOf(request)} complete`, () => adviser.complete(request.params.name, place.text, place.offset))
    return answered(reply, turn, async items => ({ version: 1, items }) satisfies OfferedShown)
  })

  app.post('/api/flows/:name/hover', { bodyLimit: MOST_QUESTION }, async (request: Asked, reply) => {
    const place = placeOf(request)
    if (typeof place === 'string') return refuse(reply, 400, place)
    const turn = await advice.take(`${askerOf(request)} hover`, () => adviser.explain(request.params.name, place.text, place.offset))
    return answered(reply, turn, async hover => ({ version: 1, hover }) satisfies ExplainedShown)
  })
}

async function answered<T>(reply: FastifyReply, turn: Turn<T>, words: (answer: T) => Promise<object>): Promise<object> {
  if (turn === 'newer') return refuse(reply, 409, 'a newer text of this editor came before this one had its turn')
  if (turn === 'full') return refuse(reply.header('retry-after', '1'), 503, 'too many texts wait to be looked at')
  return words(turn.answer)
}

/** The text and the offset of a question, or what is wrong with it. */
function placeOf({ params: { name }, query, body }: Asked): { readonly text: string; readonly offset: number } | string {
  if (!FLOW_NAME.test(name)) return 'this is no name of a flow: small letters, digits, `-` and `_`'
  const odd = readQuery(query, ['editor'])
  if (typeof odd === 'string') return odd
  const { text, offset } = (typeof body === 'object' ? body ?? {} : {}) as Readonly<Record<string, unknown>>
  if (typeof text !== 'string' || typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0 || offset > text.length) return 'send {"text": "…", "offset": 0}; the offset counts from 0 and lies in the text'
  return text.length > MOST_BODY ? 'this text is longer than a flow can be' : { text, offset }
}
