/** `tonval dial`: a running server rings somebody, who meets a flow. */
import { adminClient, NoServer } from './admin-client.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command } from './io.ts'
import { readOptions } from './options.ts'

const HELP = `tonval dial: rings somebody, who meets a flow

Usage: tonval dial FLOW NUMBER [--from NUMBER] [--with NAME=VALUE,…]

NUMBER has a plus sign and the country: +46701740601. The carrier is asked by the
running server, with its account; it must know its own address (--public-url).

  --from NUMBER          the line that rings (default: the flow's first under numbers)
  --with NAME=VALUE      a value that the flow begins with; several with commas between
                         them (\\, for a comma in a value)
  --admin HOST:PORT      the server's operator's side    TONVAL_ADMIN    127.0.0.1:8047
  --format FORMAT        pretty (default) or json
  -h, --help

TONVAL_ADMIN_TOKEN is sent where it is set.
Exit status: 0 it rings, 1 it does not, 2 bad usage, 3 the server does not answer.
`

export const dial: Command = async (args, io) => {
  const options = readOptions(args, { from: 'text', with: 'text', admin: 'text', format: ['pretty', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [flow, number, ...more] = options.rest
  if (flow === undefined || number === undefined) throw new UsageError('say which flow, and whom to ring: `tonval dial FLOW NUMBER`')
  if (more.length > 0) throw new UsageError(`one number is rung, and here is more: ${more.join(' ')}`)
  const [from, inputs] = [options.text('from'), readInputs(options.text('with'))]
  try {
    const { status, json } = await adminClient(options.text('admin'), io.env).ask('POST', '/api/calls', { flow, number, ...(from === undefined ? {} : { from }), with: inputs })
    if (status !== 200) {
      io.stderr.write(`tonval dial: ${typeof json['detail'] === 'string' ? json['detail'] : `the server answers ${status}`}\n`)
      return status === 422 || status === 502 || status === 503 ? EXIT.found : EXIT.internal
    }
    io.stdout.write(options.text('format') === 'json' ? `${JSON.stringify(json)}\n` : `it rings: call ${String(json['call'])}\n`)
    return EXIT.clean
  } catch (error) {
    if (error instanceof UsageError) throw error
    io.stderr.write(`tonval dial: ${error instanceof NoServer ? `${error.message}; start one, or say with --admin where its operator's side is` : (error as Error).message}\n`)
    return EXIT.internal
  }
}

function readInputs(text: string | undefined): Record<string, string> {
  const inputs: Record<string, string> = {}
  for (const part of text?.split(/(?<!\\),/) ?? []) {
    const at = part.indexOf('=')
    if (at <= 0) throw new UsageError(`\`--with ${part}\` is no NAME=VALUE`)
    inputs[part.slice(0, at).trim()] = part.slice(at + 1).replaceAll('\\,', ',')
  }
  return inputs
}
