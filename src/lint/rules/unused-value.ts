import type { Path } from '../../parse/tree.ts'
import { eachText } from '../written.ts'
import type { Rule } from '../rule.ts'

export const unusedValue: Rule = {
  name: 'unused-value',
  severity: 'info',
  why: 'A value that nothing reads is kept in vain, or another one is read by mistake.',
  valid: `
start: desk
vars: { desk: "+46846500411" }
states:
  desk: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: desk
vars: { desk: "+46846500411", helpdesk: "+46846500412" }
states:
  desk: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ data, outside, tell }) {
    const read = new Set<string>(outside.taken)
    const written = new Map<string, Path>()
    for (const name of Object.keys(data.vars ?? {})) if (name !== 'note') written.set(name, ['vars', name])
    for (const name of Object.keys(data.inputs ?? {})) written.set(name, ['inputs', name])
    eachText(data, (text, path) => {
      for (const match of text.matchAll(/\{\{\s*([a-z][a-z0-9_-]*)/g)) read.add(match[1] as string)
      const name = path.at(-2) === 'set' || path.at(-2) === 'save' ? String(path.at(-1)) : path.at(-1) === 'save' ? text : undefined
      // the language is read by whoever plays a prompt
      if (name !== undefined && name !== 'language' && !written.has(name)) written.set(name, path)
    })
    for (const [name, path] of written) {
      if (read.has(name)) continue
      tell(path, { message: `nothing reads the value \`${name}\``, help: `use it as {{${name}}}, or delete it` }, path.at(-1) === 'save' ? 'value' : 'key')
    }
  },
}
