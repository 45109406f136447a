/** `tonval hours`: when the schedules of a flow are open, day by day, with what differs from the week and why. */
import { FIRST_YEAR, LAST_YEAR } from '../compile/schedule/holidays.ts'
import { wallMinutes } from '../compile/schedule/wall-clock.ts'
import { DAY, dateOf } from '../compile/schedule/schedule.ts'
import { ownPart } from '../lint/own.ts'
import { calendarJson, calendarTable } from './calendar.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command } from './io.ts'
import { checkNamedFlow, findNamedFlow } from './named-flow.ts'
import { readOptions } from './options.ts'

const HELP = `tonval hours: shows when the schedules of a flow are open

Usage: tonval hours FLOW

FLOW is a flow of the folder, or its file. Shown are the week, and every day of the year that
differs from it: public holidays by name, exceptions, and the days on which the clocks change.

  --year YEAR        the year (default: this one; ${FIRST_YEAR} to ${LAST_YEAR})
  --dir DIR          the folder of the flows (default: flows)
  --format FORMAT    pretty (default), or json: every day of the year
  -h, --help

Exit status: 0 shown, 1 the flow has errors, 2 bad usage or a flow without schedules,
3 a fault of tonval.
`

export const hours: Command = async (args, io) => {
  const options = readOptions(args, { year: 'text', dir: 'text', format: ['pretty', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  if (options.rest.length > 1) throw new UsageError(`one flow at a time, and ${options.rest.length} were named: ${options.rest.join(', ')}`)
  const wantedYear = options.text('year')
  if (wantedYear !== undefined && !isKnownYear(wantedYear)) throw new UsageError(`\`--year ${wantedYear}\`: the holidays are known from ${FIRST_YEAR} to ${LAST_YEAR}`)
  const named = await findNamedFlow(options.rest[0], options.text('dir') ?? 'flows', io, { verb: 'show', hint: 'say with --dir where the flows are' })
  // what its calls say does not change the hours
  const served = checkNamedFlow({ ...named, set: { ...named.set, calls: [] } }, io)
  if (served === undefined) return EXIT.found
  const flow = ownPart(served.flow)
  const first = flow.schedules[0]
  if (first === undefined) throw new UsageError(`\`${flow.name}\` has no schedules: hours stand under \`schedules:\``)
  const year = Number(wantedYear ?? dateOf(Math.floor(wallMinutes(first.timezone, Date.now()) / DAY)).slice(0, 4))
  io.stdout.write(options.text('format') === 'json' ? `${JSON.stringify(calendarJson(flow, year))}\n` : calendarTable(flow, year))
  return EXIT.clean
}

function isKnownYear(text: string): boolean {
  return /^\d{4}$/.test(text) && Number(text) >= FIRST_YEAR && Number(text) <= LAST_YEAR
}
