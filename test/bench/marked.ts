/** Flows of which every answer says which version it is of, and callers who hold each answer against the first of their call. */
import { Agent, request } from 'undici'
import type { Process } from '../serve/process.ts'

/** A flow of so many states; every answer of its holds `/N/`. */
export function marked(version: number, states: number): string {
  const sound = (name: string): string => `"https://sounds.example/${version}/${name}.mp3"`
  const others = Array.from({ length: states - 4 }, (_, i) => `  more-${i}: { play: ${sound(`more-${i}`)}, next: ${i === 0 ? 'last' : `more-${i - 1}`} }\n`)
  return `title: Version ${version}
start: menu
states:
  menu: { ivr: ${sound('menu')}, on: { 1: news, 2: desk, 3: ${states > 4 ? `more-${states - 5}` : 'last'}, noinput: last, nomatch: last } }
  news: { ivr: ${sound('news')}, on: { 1: menu, 2: desk, noinput: last, nomatch: last } }
  desk: { connect: "+4670${String(version).padStart(7, '0')}", on: { failed: last } }
  last: { play: ${sound('last')}, next: end }
${others.join('')}`
}

const WALK = ['result=1', 'result=1', 'result=1', 'result=2', 'result=failed']

export interface OneCall {
  /** Takes one step more; says what was wrong with the answer. */
  step(): Promise<string | undefined>
  readonly steps: number
}

export interface Walking {
  /** Milliseconds of every answered request, since it was last emptied. */
  times: number[]
  requests: number
  /** Requests that were tried again because nobody listened. */
  retried: number
  readonly wrong: string[]
  /** The latest version that a new call has met. */
  newest: number
  stop(): Promise<void>
}

/** So many callers at once, who begin call after call until they are stopped. `server` is asked each time: it may be another process by now. */
export function walk(server: () => Process, callers: number): Walking {
  const agent = new Agent({ connections: callers, pipelining: 1 })
  const walking: Walking = { times: [], requests: 0, retried: 0, wrong: [], newest: -1, stop: async () => { stopped = true; await Promise.all(all); await agent.close() } }
  let stopped = false

  async function post(path: () => string, body: string): Promise<string | undefined> {
    for (;;) {
      const began = performance.now()
      try {
        const { statusCode, body: answer } = await request(path(), { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' }, dispatcher: agent })
        const text = await answer.text()
        walking.times.push(performance.now() - began)
        walking.requests++
        if (statusCode !== 200) walking.wrong.push(`${statusCode} ${text}`)
        return text
      } catch {
        // the server was killed: the carrier tries again
        walking.retried++
        await new Promise(resolve => setTimeout(resolve, 50))
        if (stopped) return undefined
      }
    }
  }

  async function call(id: number): Promise<void> {
    const callid = `c${id.toString(16).padStart(32, '0')}`
    const first = await post(() => `${server().voice}/voice/menu?key=${server().key('menu')}`, `callid=${callid}&from=%2B46701740699&to=%2B46846500400&direction=incoming&result=newincoming`)
    const version = versionIn(first ?? '')
    let answer = first
    for (const body of WALK) {
      if (answer === undefined || version === undefined) break
      walking.newest = Math.max(walking.newest, version)
      const next = /"next":"https?:\/\/[^/"]+([^"]+)"/.exec(answer)?.[1]
      if (next === undefined) break
      answer = await post(() => server().voice + next, `callid=${callid}&${body}`)
      if (answer !== undefined && versionIn(answer) !== version) walking.wrong.push(`version ${version} began, and ${answer} answered`)
    }
  }

  let id = 0
  const all = Array.from({ length: callers }, async () => { while (!stopped) await call(id++) })
  return walking
}

/** Begins one call of menu and news, which lasts as long as it is stepped: some hundred and fifty times, then the engine ends it. */
export async function oneCall(server: () => Process): Promise<OneCall> {
  const callid = 'c'.padEnd(33, 'e')
  const ask = async (path: string, body: string): Promise<string> => {
    const { body: answer } = await request(server().voice + path, { method: 'POST', body: `callid=${callid}&${body}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    return answer.text()
  }
  let answer = await ask(`/voice/menu?key=${server().key('menu')}`, 'from=%2B46701740699&to=%2B46846500400&direction=incoming&result=newincoming')
  const version = versionIn(answer)
  const call = {
    steps: 0,
    async step(): Promise<string | undefined> {
      const next = /"next":"https?:\/\/[^/"]+([^"]+)"/.exec(answer)?.[1]
      if (next !== undefined) answer = await ask(next, 'result=1')
      call.steps++
      return next !== undefined && versionIn(answer) === version ? undefined : `the call of version ${version} got ${answer}`
    },
  }
  return call
}

function versionIn(text: string): number | undefined {
  const found = /sounds\.example\/(\d+)\//.exec(text)?.[1] ?? /"connect":"\+4670(\d{7})"/.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}
