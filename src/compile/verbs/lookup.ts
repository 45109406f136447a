/** `lookup`: finds a row in a table; its columns become values. */
import { compileWritten, edge } from '../edges.ts'
import type { LookupState } from '../flow.ts'
import { rowOf } from '../table.ts'
import { tableOf } from '../tables.ts'
import { compileTemplate } from '../template.ts'
import type { Verb } from '../verb.ts'

export const lookup: Verb<LookupState> = {
  name: 'lookup',
  keys: ['key', 'on', 'next', 'note'],
  outcomes: ['success', 'missing'],
  example: `
start: office
tables:
  offices:
    "+46846500401": { desk: "+46701740601" }
    "+46846500402": { desk: "+46701740602" }
states:
  office: { lookup: offices, key: "{{called}}", on: { success: ring, missing: sorry } }
  ring: { connect: "{{desk}}", on: { failed: sorry } }
  sorry: { play: sorry.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'lookup', data)
    const table = data['lookup'] as string
    const read = tableOf(context, [...path, 'lookup'], table)
    const key = compileTemplate(context, [...path, 'key'], data['key'] as string)
    const [part] = key
    // what a call is looked for by is a number: a key that is none is never found
    if (key.length === 1 && typeof part === 'object' && part.filter === undefined && (part.text === 'caller' || part.text === 'called')) context.declared.numberKeys.add(table)
    return {
      name, path, verb: 'lookup', table: context.prefix + table, key,
      columns: (read?.columns ?? []).map(column => context.values.get(column) ?? -1),
      edges: { success: edge(written, ['success'], true), missing: edge(written, ['missing'], true) },
    }
  },

  arrive(turn, state) {
    const table = Object.hasOwn(turn.flow.tables, state.table) ? turn.flow.tables[state.table] : undefined
    const row = table === undefined ? undefined : rowOf(table, turn.fill(state.key).trim())
    if (row === undefined) return { to: state.edges.missing.to, why: 'missing' }
    state.columns.forEach((index, column) => { if (index >= 0) turn.keep(index, row[column] ?? '') })
    return { to: state.edges.success.to, why: 'success' }
  },
}
