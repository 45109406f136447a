/** The misses, alike ones together. */
import type { Miss } from './score.ts'

/** A list to read: by measure and kind of mistake, the most frequent first, some examples of each. */
export function listMisses(misses: readonly Miss[], examples: number, only?: string): string {
  const groups = new Map<string, Miss[]>()
  for (const miss of misses) {
    if (only !== undefined && miss.measure !== only) continue
    const said = miss.problems.map(problem => problem.code)
    const key = `${miss.measure}: ${miss.mutant.mutations.map(one => `${one.kind}, ${one.what.replace(/`[^`]*`/g, '…')}`).join(' + ')} → ${[...new Set(said)].join(', ') || 'nothing'}`
    groups.set(key, [...(groups.get(key) ?? []), miss])
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length).map(([key, all]) => `${all.length} × ${key}\n${all.slice(0, examples).map(example).join('')}`).join('\n')
}

function example({ mutant, problems }: Miss): string {
  const wanted = mutant.mutations.map(one => `    ${one.what}: want ${one.codes.slice(0, 3).join('/')} at ${[...new Set(one.at.map(at => JSON.stringify(mutant.text.slice(at.span.start, at.span.end).slice(0, 70)) + (at.word === undefined ? '' : ` → ${at.word}`)))].slice(0, 3).join(' or ')}\n      in ${lineAt(mutant.text, one.edit.span.start)}\n`)
  const said = problems.slice(0, 5).map(one => `      said ${one.code} ${JSON.stringify(mutant.text.slice(one.span.start, one.span.end).slice(0, 40))} ${one.message}; ${one.help ?? ''}\n`)
  return `  ${mutant.base.name}\n${wanted.join('')}${said.join('')}`
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return JSON.stringify(text.slice(start, start + 160).split('\n').slice(0, 3).join('\n'))
}
