/** The other side of checker.ts: reads a task, answers with what check.ts says. */
import { parentPort } from 'node:worker_threads'
import { check, rebuild } from '../check.ts'
import type { Answer, Message } from './checker.ts'

parentPort?.on('message', ({ id, task, settings }: Message) => {
  let answer: Answer
  try {
    answer = { id, result: task.do === 'check' ? check(task.set, settings) : rebuild(task.source, settings) }
  } catch (error) {
    answer = { id, error: (error as Error).stack ?? String(error) }
  }
  parentPort?.postMessage(answer)
})
