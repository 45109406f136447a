import t from 'tap'
import { NOT_YET } from '../src/validate/not-yet.ts'
import { branches, flowSchema, resolve } from '../src/validate/schema.ts'
import type { Schema } from '../src/validate/schema.ts'
import { VERBS } from '../src/compile/verbs/list.ts'
import { checkText, linkedIn } from './flow-in-text.ts'

/** Keys of a file, tests of a route: what this version has. Everything else of the language is in NOT_YET. */
const TOP = ['title', 'start', 'numbers', 'language', 'languages', 'timezone', 'country', 'defaults', 'keys', 'vars', 'prompts', 'schedules', 'lists', 'tables', 'switches', 'messages', 'longest', 'recordcall', 'on_hangup', 'on_error', 'inputs', 'exits', 'states', 'note']
const TESTS = ['schedule', 'caller', 'called', 'direction', 'value', 'switch', 'visited', 'answered', 'recorded', 'chance', 'any', 'all', 'not']

function definition(name: string): Schema {
  const found = name === 'flow' ? flowSchema : flowSchema.definitions[name]
  if (found === undefined) throw new Error(`the schema has no ${name}`)
  return found
}

/** Words of a definition that are put off, as `definition.word`. */
function putOff(name: string): string[] {
  return Object.keys(NOT_YET).filter(entry => entry.startsWith(`${name}.`)).map(entry => entry.slice(name.length + 1))
}

function names(prefix: string): string[] {
  return Object.keys(flowSchema.definitions).filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
}

const sorted = (words: readonly string[]) => [...words].sort()

void t.test('the schema has exactly what is built and what is put off', async t => {
  t.same(sorted(Object.keys(flowSchema.properties ?? {})), sorted([...TOP, ...putOff('flow')]), 'keys of a file')
  t.same(sorted(names('verb_')), sorted([...VERBS.map(verb => verb.name), ...names('verb_').filter(name => Object.hasOwn(NOT_YET, `verb_${name}`))]), 'verbs')
  t.same(sorted(names('test_')), sorted([...TESTS, ...names('test_').filter(name => Object.hasOwn(NOT_YET, `test_${name}`))]), 'tests')
  t.same(sorted(branches(flowSchema, definition('state')).map(one => one.definition ?? '')), sorted(names('verb_').map(name => `verb_${name}`)), 'a state is one of the verbs')
  t.same(sorted(branches(flowSchema, definition('test')).map(one => one.definition ?? '')), sorted(names('test_').map(name => `test_${name}`)), 'a test is one of the tests')
  for (const verb of VERBS) {
    const { properties, required } = definition(`verb_${verb.name}`)
    t.same(sorted(Object.keys(properties ?? {})), sorted([verb.name, ...verb.keys, ...putOff(`verb_${verb.name}`)]), `${verb.name}: its keys`)
    t.equal(required?.[0], verb.name, `${verb.name}: its key tells it`)
    t.equal(verb.keys.includes('on'), verb.outcomes.length > 0, `${verb.name}: \`on\` where there are outcomes`)
    const on = flowSchema.definitions[`${verb.name}_on`]
    t.same(sorted(Object.keys(on?.properties ?? { note: {} })), sorted([...verb.outcomes, 'note']), `${verb.name}: its outcomes`)
  }
  t.same(names('default_').filter(name => !VERBS.some(verb => verb.name === name)), [], 'defaults are for verbs')
  for (const name of names('default_')) {
    const verb = VERBS.find(one => one.name === name)
    const known = [...(verb?.keys ?? []), ...putOff(`default_${name}`)]
    t.same(Object.keys(definition(`default_${name}`).properties ?? {}).filter(key => !known.includes(key)), [], `defaults of ${name}: options of the verb`)
  }
})

/** For each entry of NOT_YET a flow that uses it, with the place marked by `»` before the word at which it is refused. */
const STATES = 'states:\n  s: { play: a.mp3, next: end }\n'
const USES: Readonly<Record<string, string>> = {
  'flow.must': `start: s\n»must: [{ silent_caller_leaves_within: 60 }]\n${STATES}`,
}

/** Definitions of the schema of scripted calls, which its own test holds. */
const OF_CALLS = /^(given|met_|step_)/

void t.test('what is put off exists in the schema and is refused by name, never ignored', async t => {
  t.same(sorted(Object.keys(USES)), sorted(Object.keys(NOT_YET).filter(name => !OF_CALLS.test(name))), 'a use of each')
  for (const [entry, marked] of Object.entries(USES)) {
    const [, name = '', key, word] = /^(\w+?)(?:\.(\w+)|=(\w+)|\[\])?$/.exec(entry) ?? []
    const schema = resolve(flowSchema, definition(name)).schema
    if (key !== undefined) t.ok(Object.hasOwn(schema.properties ?? {}, key), `${entry} is a key of the schema`)
    if (word !== undefined) t.ok(schema.enum?.includes(word), `${entry} is a word of the schema`)
    if (entry.endsWith('[]')) t.ok(schema.anyOf?.some(one => one.type === 'array'), `${entry} is a list of the schema`)

    const text = marked.replace('»', '')
    const { problems: all, served } = checkText(text)
    const problems = all.filter(problem => problem.severity === 'error')
    t.same(problems.map(problem => [problem.code, problem.span.start]), [['not-yet', marked.indexOf('»')]], entry, { text, problems })
    t.match(problems[0]?.message ?? '', 'is not yet in this version', entry)
    t.notOk(served.has('test'), `${entry}: it does not go live`)
  }
})

void t.test('the example of each verb is a flow without a problem', async t => {
  for (const verb of VERBS) {
    const outside = verb.beside === undefined ? {} : { flows: { another: verb.beside } }
    t.same(checkText(verb.example, outside).problems.filter(problem => problem.severity === 'error'), [], verb.name)
    t.ok(linkedIn(verb.example, outside).states.some(state => state.verb === verb.name), `${verb.name} stands in its example`)
  }
})
