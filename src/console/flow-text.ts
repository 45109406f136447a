/** A flow's text as it is sent to us. */
import type { FastifyInstance } from 'fastify'

/** Bytes. A little more than a flow's file may have, so that lint says what is wrong with one that is too long. */
export const MOST_BODY = 5 * 1024 * 1024
export const FLOW_NAME = /^[a-z][a-z0-9_-]{0,63}$/
/** What a flow's text is sent as; curl sends it as a form, or as nothing, unless it is told. */
const TYPES = /^(?:$|application\/(?:x-)?yaml|text\/(?:x-)?yaml|text\/plain|application\/octet-stream|application\/x-www-form-urlencoded)\s*(?:;|$)/i

/** Bodies of these routes are a flow's text, as bytes. */
export function takeFlowText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BODY }, (request, body, done) => {
    if (TYPES.test(request.headers['content-type'] ?? '')) done(null, body)
    else done(Object.assign(new Error('a flow is sent as application/yaml'), { statusCode: 415 }))
  })
}
