/** Answers a request for which other programs have to be asked first. */
import type { Answer } from '../compile/asking.ts'
import type { Step } from '../run/step.ts'
import type { World } from '../run/world.ts'
import type { AskedOutside, AskOutside } from './ask-outside.ts'

/** Milliseconds for all that is asked while one request waits: the caller hears nothing meanwhile. */
export const MOST_WAITING = 4000

/**
 * The step that has its reply: made again and again, each time with one more answer. `again` makes the same step in
 * another world. A step is arithmetic: the same answers lead it the same way, so that nothing has to be kept of it.
 */
export async function answerOutside(first: Step, world: World, again: (world: World) => Step, ask: AskOutside, told: (asked: AskedOutside, state: string) => void): Promise<Step> {
  const until = performance.now() + MOST_WAITING
  const answers: Answer[] = []
  let step = first
  while (step.ask !== undefined) {
    const asked = await ask(step.ask, until - performance.now())
    told(asked, step.ask.state)
    answers.push(asked.answer)
    step = again({ ...world, answers })
  }
  return step
}
