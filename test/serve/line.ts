/** A call over real HTTP, as the carrier makes it: reports, and the notice at its end. */
import { randomBytes } from 'node:crypto'
import { ask } from './running.ts'
import type { Answer, Json } from './running.ts'

/** A server that answers calls, in this process or another. */
export interface Answers {
  readonly voice: string
  readonly admin: string
  key(flow: string): string
}

export interface Line {
  readonly id: string
  /** The answer that came last. */
  readonly answer: () => Answer
  /** Reports what came of the last action that waits for it; resolves to the next answer. */
  report(result: string): Promise<Answer>
  /** Repeats the last request. */
  again(): Promise<Answer>
  /** Tells that the call is over. */
  over(fields?: string): Promise<Answer>
}

/** The last address of an action: those that are nested into each other have one. */
function deepest(action: Json): string {
  const { next } = action
  return typeof next === 'object' ? deepest(next as Json) : (next as string)
}

/** Calls a flow. */
export async function dial(server: Answers, flow: string, { id = `c${randomBytes(16).toString('hex')}`, from = '+46701740699', to = '+46846500400', more = '&direction=incoming' } = {}): Promise<Line> {
  const who = `from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}${more}`
  const asked: { address: string; body: string } = { address: `${server.voice}/voice/${flow}?key=${server.key(flow)}`, body: `callid=${id}&${who}&result=newincoming` }
  const post = (): Promise<Answer> => ask(asked.address, { body: asked.body })
  let answer = await post()
  let whenhangup = String(answer.json['whenhangup'])
  return {
    id,
    answer: () => answer,
    async report(result) {
      asked.address = deepest(answer.json)
      asked.body = `callid=${id}&${who}&result=${result}`
      answer = await post()
      whenhangup = (answer.json['whenhangup'] as string | undefined) ?? whenhangup
      return answer
    },
    again: post,
    over: (fields = 'state=success&duration=21') => ask(whenhangup, { body: `id=${id}&${who}&${fields}` }),
  }
}

/** The notice's field for a talk. */
export function legs(to: string, seconds: number): string {
  return `&legs=${encodeURIComponent(JSON.stringify([{ to, state: 'success', duration: seconds }]))}`
}
