/** Requests that are not the carrier's: refused with a problem body that reveals nothing of ours. */
import type { FastifyReply, FastifyRequest } from 'fastify'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 413: 'Payload Too Large',
  414: 'URI Too Long', 415: 'Unsupported Media Type', 416: 'Range Not Satisfiable', 429: 'Too Many Requests', 431: 'Request Header Fields Too Large', 500: 'Internal Server Error', 503: 'Service Unavailable',
}

export function titleOf(status: number): string {
  return TITLES[status] ?? 'Error'
}

/** A problem body (RFC 9457) for a status. */
export function problemBody(status: number): string {
  return JSON.stringify({ type: 'about:blank', title: titleOf(status), status })
}

export function sendProblem(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).header('content-type', 'application/problem+json').header('x-request-id', reply.request.id).send(problemBody(status))
}

/** Refuses a request, by itself. */
export type Refuse = (request: FastifyRequest, reply: FastifyReply, status: number) => void

/** Whether this request may be refused once more, or its sender has been refused too often. */
export type Limit = (request: FastifyRequest) => Promise<{ isAllowed: boolean; isExceeded?: boolean; ttlInSeconds?: number }>

/** Refuses; a sender who is refused all the time is told to wait. Only refusals are counted: all calls come from the carrier's few addresses. */
export async function refuse(limit: Limit, request: FastifyRequest, reply: FastifyReply, status: number): Promise<FastifyReply> {
  const { isAllowed, isExceeded, ttlInSeconds } = await limit(request)
  if (!isAllowed && isExceeded === true) {
    reply.header('retry-after', String(ttlInSeconds ?? 60))
    return sendProblem(reply, 429)
  }
  return sendProblem(reply, status)
}
