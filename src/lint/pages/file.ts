/** What is said of a file before it is read as a flow. */
import type { Page } from '../rule.ts'

const BYE = `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`

export const FILE_PAGES: readonly Page[] = [
  {
    name: 'yaml-syntax', severity: 'error', why: 'What YAML cannot read, nobody can answer a call with.',
    valid: BYE, invalid: BYE.replace('next: end }', 'next: end'),
  },
  {
    name: 'empty-file', severity: 'error', why: 'A file that says nothing is valid YAML, and answers no call.',
    valid: BYE, invalid: '# to be written\n',
  },
  {
    name: 'unreadable-file', severity: 'error', why: 'A flow whose file cannot be read would be served as it was long ago, or not at all.',
    valid: BYE, invalid: BYE, beside: { unreadable: true },
  },
  {
    name: 'merge-conflict', severity: 'error', why: 'Two texts stand in the file, and nobody has chosen one.',
    valid: BYE, invalid: '<<<<<<< HEAD' + BYE,
  },
  {
    name: 'duplicate-key', severity: 'error', why: 'Of two equal keys only the last would count, and the other would vanish without a word.',
    valid: BYE, invalid: `${BYE}  bye: { play: thanks.mp3, next: end }\n`,
  },
  {
    name: 'unquoted-value', severity: 'error', why: 'Braces without quotes are a map in YAML, not a value.',
    valid: `
start: desk
vars: { desk: "+46846500411" }
states:
  desk: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
    invalid: `
start: desk
vars: { desk: "+46846500411" }
states:
  desk: { connect: {{desk}}, on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  },
  {
    name: 'star-key', severity: 'error', why: 'A star without quotes is an alias in YAML, not a key of the telephone.',
    valid: BYE,
    invalid: `
start: menu
states:
  menu:
    ivr: menu.mp3
    on:
      *: bye
    next: bye
  bye: { play: bye.mp3, next: end }
`,
  },
  {
    name: 'tab-indent', severity: 'error', why: 'YAML does not count tabs as indentation.',
    valid: BYE, invalid: BYE.replace('  bye:', '\tbye:'),
  },
  {
    name: 'several-documents', severity: 'error', why: 'Everything after `---` would be ignored.',
    valid: BYE, invalid: `${BYE}---${BYE}`,
  },
  {
    name: 'merge-key', severity: 'error', why: '`<<` merges nothing in YAML 1.2: what it was to bring would be missing.',
    valid: BYE,
    invalid: `
start: bye
states:
  bye: &bye { play: bye.mp3, next: thanks }
  thanks: { <<: *bye, play: thanks.mp3, next: end }
`,
  },
  {
    name: 'alias-bomb', severity: 'error', why: 'Aliases of aliases grow until they eat the memory of the server.',
    valid: BYE,
    invalid: `
start: bye
title: &a0 bye
vars:
${Array.from({ length: 5 }, (_, i) => `  a${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join(', ')}]`).join('\n')}
states:
  bye: { play: bye.mp3, next: end }
`,
  },
  {
    name: 'bad-encoding', severity: 'error', why: 'A letter that is not UTF-8 would be spoken or shown wrong.',
    valid: BYE, invalid: `title: V\uFFFDxel${BYE}`,
  },
  {
    name: 'too-large', severity: 'error', why: 'Files of more than 4 MiB, 50 levels or 10,000 states would slow every reload.',
    valid: BYE, invalid: `${BYE}note: ${'['.repeat(60)}${']'.repeat(60)}\n`,
  },
]
