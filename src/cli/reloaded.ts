/** What a reload found, as `tonval lint` would say it. */
import { Places } from '../problem/findings.ts'
import type { Findings } from '../problem/findings.ts'
import { jsonProblem } from '../problem/render-json.ts'
import type { JsonProblem } from '../problem/render-json.ts'
import { renderPretty, USUAL_WIDTH } from '../problem/render-pretty.ts'
import type { Reloaded } from '../reload/reloader.ts'

/** For people at a terminal. */
export function reloadedPretty(reloaded: Reloaded, width: number = USUAL_WIDTH): string {
  return renderPretty(findings(reloaded), { color: false, width })
}

/** For programs: the problems of `tonval lint --format json`. */
export function reloadedJson(reloaded: Reloaded): readonly JsonProblem[] {
  const { problems, sources } = findings(reloaded)
  const places = new Places(sources)
  return problems.map(problem => jsonProblem(problem, places))
}

function findings({ problems, sources, states }: Reloaded): Findings {
  // infos are for who asks for them: `tonval lint --info`
  return { problems: problems.filter(problem => problem.severity !== 'info'), sources, checked: { files: [...sources.keys()].sort(), states } }
}
