import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

createServer(async (request, response) => {
  if (request.method === 'GET') return response.end(readFileSync('flows/carrier-example/menu.mp3'))
  let body = ''
  for await (const part of request) body += part
  const here = `http://${request.headers.host}`
  const menu = { ivr: `${here}/menu.mp3`, digits: 1, timeout: 5, repeat: 2, next: here }
  const answers = { newincoming: menu, 1: { play: 'sound/beep' }, 0: { connect: '+46701740650', next: here }, busy: menu }
  response.end(JSON.stringify(answers[new URLSearchParams(body).get('result')]))
}).listen(process.env.PORT ?? 5000)
