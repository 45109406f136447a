import type { FileRule } from '../rule.ts'

/** `#: operator`, as a line of its own: not `# a comment: with a colon`. */
const LOST = /^#\s*:\s+([a-z][a-z0-9_-]*|https?:\/\/\S+|\{.*\})\s*(#.*)?$/

export const hashKeyLost: FileRule = {
  name: 'hash-key-lost',
  severity: 'error',
  why: 'A `#` without quotes begins a comment: the key vanishes, and whoever presses it is told that it is wrong.',
  valid: `
start: menu
states:
  menu:
    ivr: menu.mp3
    on:
      1: desk
    next: desk
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu:
    ivr: menu.mp3
    on:
      1: desk
      #: bye
    next: desk
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  checkFile({ tree, comments, tell }) {
    for (const { text, span } of comments) {
      const target = LOST.exec(text)?.[1]
      const before = tree.text.slice(tree.text.lastIndexOf('\n', span.start) + 1, span.start)
      if (target === undefined || before.trim() !== '') continue
      tell({ start: span.start, end: span.start + 1 }, {
        message: '`#:` begins a comment: this edge does not exist', label: 'YAML reads nothing from here on',
        effect: 'a caller who presses # would be told that the key is wrong',
        help: `write "#": ${target} with quotes, or delete the line`,
        fix: { safe: false, edits: [{ span: { start: span.start, end: span.start + 1 }, text: '"#"' }] },
      })
    }
  },
}
