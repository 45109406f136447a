import type { Rule } from '../rule.ts'

export const unusedList: Rule = {
  name: 'unused-list',
  severity: 'info',
  why: 'A list or a table that no state asks for is kept up to date in vain.',
  valid: `
start: who
lists: { blocked: ["+46701740601"] }
states:
  who: { route: [{ when: { caller: blocked }, goto: news }, { goto: bye }] }
  news: { play: news.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: who
lists: { blocked: ["+46701740601"], vip: ["+46701740602"] }
states:
  who: { route: [{ when: { caller: blocked }, goto: news }, { goto: bye }] }
  news: { play: news.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  check({ data, outside, tell }) {
    for (const [key, used] of [['lists', outside.listsUsed], ['tables', outside.tablesUsed]] as const) {
      for (const name of Object.keys(data[key] ?? {})) {
        if (!used.has(name)) tell([key, name], { message: `no state asks for the ${key.slice(0, -1)} \`${name}\``, help: 'ask for it, or delete it' }, 'key')
      }
    }
  },
}
