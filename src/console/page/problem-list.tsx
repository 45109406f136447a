/** Problems as lint tells them, in its own words: how bad, where, what, and what to do. */
import type { JsonProblem } from './api-shapes.ts'
import { Ticked } from './notice.tsx'
import { useWords } from './words.ts'

const ORDER = ['error', 'warning', 'info']

/** The problems, the worst first. `here`: the file whose name need not be said. */
export function ProblemList({ problems, here }: { readonly problems: readonly JsonProblem[]; readonly here?: string }) {
  const words = useWords()
  const sorted = [...problems].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.range.start.line - b.range.start.line)
  return <ul class="problems">
    {sorted.map(problem => <li key={`${problem.code} ${problem.file} ${problem.range.start.offset}`} class={`problem ${problem.severity}`}>
      <p class="problem-place"><span class="severity">{words.severities[problem.severity]}</span> {isHere(problem.file, here) ? '' : <code title={problem.file}>{problem.file.replace(/^.*[\\/]/, '')}</code>} {words.lineNumber(problem.range.start.line)} <span class="code">{problem.code}</span></p>
      <p class="problem-message" lang="en"><Ticked text={problem.message} /></p>
      {problem.help !== undefined && <p class="problem-help" lang="en"><Ticked text={problem.help} /></p>}
    </li>)}
  </ul>
}

function isHere(file: string, here: string | undefined): boolean {
  return here !== undefined && new RegExp(`(?:^|[\\\\/])${here}\\.yaml$`).test(file)
}
