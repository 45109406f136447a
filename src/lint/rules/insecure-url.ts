import { placeOf } from '../../parse/tree.ts'
import { eachText } from '../written.ts'
import type { Rule } from '../rule.ts'

/** What is sent to another program is data of its own: nobody asks an address that stands in it. */
const SENT = ['headers', 'query', 'form', 'json']

export const insecureUrl: Rule = {
  name: 'insecure-url',
  severity: 'warning',
  why: 'Numbers and digits would travel in clear text, and anybody on the way could answer.',
  valid: `
start: bye
states:
  bye: { play: "https://sounds.example.com/bye.mp3", next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: "http://sounds.example.com/bye.mp3", next: end }
`,
  check({ data, tree, tell }) {
    eachText(data, (text, path) => {
      const match = /^http:\/\/([^/?#:]+)/i.exec(text)
      if (match === null || path.at(-1) === 'note' || path.at(-1) === 'text' || SENT.includes(String(path.at(-2))) || /^(localhost|127\.|\[::1\]|10\.|192\.168\.)/.test(match[1] as string)) return
      const { start, end } = placeOf(tree, path).value
      const at = tree.text.slice(start, end).indexOf('http://')
      tell(path, {
        message: `${match[1]} is asked without encryption`, help: 'write https://',
        // the flow would call another address: only somebody who knows the other side can say whether it answers there
        ...(at < 0 ? {} : { fix: { safe: false, edits: [{ span: { start: start + at, end: start + at + 7 }, text: 'https://' }] } }),
      })
    })
  },
}
