/** A line that two flows list. */
import type { Flow } from '../compile/flow.ts'
import { placeOf } from '../parse/tree.ts'
import type { Tree } from '../parse/tree.ts'
import type { Problem } from '../problem/problem.ts'

/** A problem for each line that was listed before, in the order of the flows. */
export function numbersUsedTwice(served: ReadonlyMap<string, { readonly flow: Flow }>, trees: ReadonlyMap<string, Tree>): Problem[] {
  const first = new Map<string, { name: string; index: number }>()
  const problems: Problem[] = []
  for (const [name, { flow }] of served) {
    flow.numbers.forEach((number, index) => {
      const other = first.get(number)
      const tree = trees.get(name) as Tree
      if (other === undefined) {
        first.set(number, { name, index })
        return
      }
      const otherTree = trees.get(other.name) as Tree
      problems.push({
        code: 'number-used-twice', severity: 'error', file: tree.file, span: placeOf(tree, ['numbers', index]).value,
        message: `the line ${number} is already answered by \`${other.name}\``,
        effect: 'nobody could say which flow answers', help: 'list each line in one flow',
        related: [{ file: otherTree.file, span: placeOf(otherTree, ['numbers', other.index]).value, message: 'it is listed here too' }],
      })
    })
  }
  return problems
}
