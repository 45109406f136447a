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
export function looksLikeFlow(name: string): boolean {
  return !/^[.#]/.test(name) && /\.(yml|yaml[._~-].*|yaml~|ya?ml\.txt)$/i.test(name)
}
