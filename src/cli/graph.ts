/** `tonval graph`: a flow as a picture, without a server and without a browser. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createDraughtsman } from '../console/draughtsman.ts'
import { graphOf } from '../draw/graph.ts'
import { mermaidOf } from '../draw/mermaid.ts'
import { planOf } from '../draw/plan.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command } from './io.ts'
import { checkNamedFlow, findNamedFlow } from './named-flow.ts'
import { readOptions } from './options.ts'

const HELP = `tonval graph: draws a flow

Usage: tonval graph FLOW

FLOW is a flow of the folder, or its file. The picture is SVG for light and dark pages, from top
to bottom; keys and words that lead to the same state share an arrow, what the file writes for
many states stands once, and a square says that the call ends there.

  --format FORMAT    svg (default), mermaid (a flowchart in Markdown), or json
  --output FILE      writes it there (default: standard output)
  --dir DIR          the folder of the flows (default: flows)
  -h, --help

Exit status: 0 drawn, 2 bad usage or a flow with errors, 3 a fault of tonval.
`

export const graph: Command = async (args, io) => {
  const options = readOptions(args, { format: ['svg', 'mermaid', 'json'], output: 'text', dir: 'text' })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  if (options.rest.length > 1) throw new UsageError(`one flow at a time, and ${options.rest.length} were named: ${options.rest.join(', ')}`)
  const named = await findNamedFlow(options.rest[0], options.text('dir') ?? 'flows', io, { verb: 'draw', hint: 'say with --dir where the flows are' })
  // what its calls say does not change the picture
  const served = checkNamedFlow({ ...named, set: { ...named.set, calls: [] } }, io)
  if (served === undefined) return EXIT.usage
  const found = graphOf(served.flow)
  const format = options.text('format') ?? 'svg'
  const json = JSON.stringify(found)
  const text = format === 'json' ? `${json}\n` : format === 'mermaid' ? mermaidOf(planOf(found)) : await drawn(json)
  const output = options.text('output')
  if (output === undefined) io.stdout.write(text)
  else {
    await writeFile(resolve(io.cwd, output), text).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`\`${output}\` cannot be written: ${error.message}`, { cause: error })
    })
  }
  return EXIT.clean
}

async function drawn(graph: string): Promise<string> {
  const draughtsman = createDraughtsman()
  try {
    return (await draughtsman.draw(graph)).svg
  } finally {
    await draughtsman.close()
  }
}
