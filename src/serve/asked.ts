/** A request on the carrier's side, however it came in: through Fastify's router or past it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SentTo } from './public-base.ts'
import type { Refuse } from './refuse.ts'

export interface Asked {
  readonly raw: IncomingMessage
  readonly id: string
  /** `https://host`, the beginning of the addresses that an answer hands out. */
  base(): string
  /** The response, to be answered by who takes it and nobody else. */
  take(): ServerResponse
  /** Answers with a problem body; counted, so that a sender who is refused all the time is told to wait. */
  refuse(status: number): void
  /** The text of the form, once it was read. */
  heard: string
}

/** As Fastify hands it over. */
export class Routed implements Asked {
  readonly raw: IncomingMessage
  readonly id: string
  heard = ''
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #base: (to: SentTo) => string
  readonly #refuse: Refuse

  constructor(request: FastifyRequest, reply: FastifyReply, base: (to: SentTo) => string, refuse: Refuse) {
    this.raw = request.raw
    this.id = request.id
    this.#request = request
    this.#reply = reply
    this.#base = base
    this.#refuse = refuse
  }

  base(): string {
    return this.#base(this.#request)
  }

  take(): ServerResponse {
    this.#reply.hijack()
    return this.#reply.raw
  }

  refuse(status: number): void {
    this.#refuse(this.#request, this.#reply, status)
  }
}
