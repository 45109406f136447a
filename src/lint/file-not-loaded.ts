import type { Problem } from '../problem/problem.ts'
import type { Page } from './rule.ts'

export const fileNotLoaded: Page = {
  name: 'file-not-loaded',
  severity: 'warning',
  why: 'An edit in a file that nobody reads is an edit that never reaches a caller.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  beside: { files: ['menu.yaml.bak'] },
}

/** Whether a file that is no flow could be taken for one. */
function looksLikeFlow(name: string): boolean {
  return !/^[.#]/.test(name) && /\.(yml|yaml[._~-].*|yaml~|ya?ml\.txt)$/i.test(name)
}

/** What lies in the folder and looks like a flow, but is none that would be read. `path`: that of a flow there, as problems name it. */
export function notLoaded(names: readonly string[], path: string): Problem[] {
  return names.filter(name => looksLikeFlow(name)).map(name => ({
    code: fileNotLoaded.name, severity: fileNotLoaded.severity, file: path.slice(0, path.lastIndexOf('/') + 1) + name, span: { start: 0, end: 0 },
    message: `\`${name}\` lies among the flows and will not be read`, help: 'a flow is a file that ends in `.yaml`: rename it, or move it elsewhere',
  }))
}
