/** Every page's examples: the valid one is good, the invalid one has exactly that one problem; and no code is without a page. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { check } from '../src/check.ts'
import { exampleSet, HOSTS } from '../src/lint/example.ts'
import { FILE_RULES, RULES } from '../src/lint/lint.ts'
import { PAGES } from '../src/lint/pages.ts'
import type { Page } from '../src/lint/rule.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { BUILT_IN_LANGUAGES } from '../src/prompts/voices.ts'
import { filesBelow } from './modules.ts'

const settings = { env: {}, hosts: HOSTS, silence: SILENCE_FILE, speaks: BUILT_IN_LANGUAGES, now: Date.UTC(2026, 2, 2) }

function shown(page: Page, which: 'valid' | 'invalid'): string[] {
  return check(exampleSet(page, which), settings).problems
    .map(problem => `${problem.severity} ${problem.code}: ${problem.message}`)
}

for (const page of PAGES.values()) {
  void t.test(page.name, async t => {
    t.match(page.name, /^[a-z]+(-[a-z]+)*$/)
    t.match(page.why, /^[A-Z`].*\.$/s, 'the why is a sentence')
    t.same(shown(page, 'valid'), [], 'the valid example is good')
    const problems = shown(page, 'invalid')
    t.equal(problems.length, 1, problems.join('\n'))
    t.match(problems[0], new RegExp(`^${page.severity} ${page.name}: `))
  })
}

void t.test('every code that stands in the sources has its page, and every page its code', async t => {
  const stages = /^src\/(parse|validate|compile|simulate|lint|check\.ts)/
  const written = filesBelow('src').filter(path => stages.test(path))
    .flatMap(path => [...readFileSync(path, 'utf8').matchAll(/\bcode\b[^\n]*?'([a-z]+(?:-[a-z]+)+)'(?:[^\n]*? : '([a-z]+(?:-[a-z]+)+)')?/g)].flatMap(match => [match[1], match[2]]))
    .filter(code => code !== undefined)
  const ruled = [...RULES, ...FILE_RULES].map(rule => rule.name)
  t.same([...new Set(written)].filter(code => !PAGES.has(code)), [], 'codes without a page')
  t.same([...PAGES.keys()].filter(code => !written.includes(code) && !ruled.includes(code) && !['bad-silence', 'file-not-loaded'].includes(code)), [], 'pages without a code')
  t.equal(new Set(ruled).size, ruled.length, 'no rule is listed twice')
})
