import { eachText } from '../written.ts'
import type { Rule } from '../rule.ts'

const SECRET_NAME = /(^|[_-])(token|secret|password|passwd|api-?_?key|apikey)$/i
/** Parts of a question to another program, and the headers of it that hold secrets whatever they are called. */
const SENT = ['headers', 'query', 'form', 'json']
const SECRET_HEADER = /^(authorization|cookie|x-auth|x-.*-key)$/i
/** In addresses, and by the forms that well-known services give theirs. */
const SECRETS = [
  /[?&](?:[\w-]*(?:token|secret|password|passwd|api_?-?key|signature|sig))=([^&{}\s]{6,})/i,
  /^https?:\/\/[^/:@\s]+:([^/@{}\s]{3,})@/i,
  /\b((?:sk|pk|rk)_live_\w{10,}|gh[pousr]_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{16})\b/,
]

export const hardCodedSecret: Rule = {
  name: 'hard-coded-secret',
  severity: 'error',
  why: 'A secret in a flow ends up in git, in logs and on every screen.',
  valid: `
start: hello
vars: { token: { env: SOUND_TOKEN, default: "" } }
states:
  hello: { play: "https://sounds.example.com/hello.mp3?token={{token}}", next: end }
`,
  invalid: `
start: hello
vars: { token: "8f3c99d1e0b24a77" }
states:
  hello: { play: "https://sounds.example.com/hello.mp3?token={{token}}", next: end }
`,
  check({ data, tell }) {
    eachText(data, (text, path) => {
      if (path.at(-1) === 'note' || path.at(-1) === 'env') return
      const byName = path[0] === 'vars' && path.length === 2 && SECRET_NAME.test(String(path[1])) && /^[^\s{}]{8,}$/.test(text)
      const name = String(path.at(-1))
      const isSent = SENT.includes(String(path.at(-2))) && (SECRET_NAME.test(name) || (path.at(-2) === 'headers' && SECRET_HEADER.test(name)))
      const sent = isSent ? /^(?:[a-z]+ )?([^\s{}]{6,})$/i.exec(text)?.[1] : undefined
      const found = byName ? text : sent ?? SECRETS.map(secret => secret.exec(text)?.[1]).find(one => one !== undefined)
      if (found === undefined) return
      tell(path, {
        message: `a secret stands in this file: \`${found.slice(0, 3)}…\``, effect: 'whoever reads the file, its history or a log can use it',
        help: 'change the secret, and take it from the environment: `vars: { token: { env: NAME } }`',
      })
    })
  },
}
