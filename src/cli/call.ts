/** `tonval call`: a telephone in the terminal, played by the emulator. */
import { acrossReadings } from '../emulator/across-readings.ts'
import { makeCallid } from '../emulator/callid.ts'
import { createLabels } from '../emulator/script/labels.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { callByHand } from './telephone/by-hand.ts'
import { callByKeys } from './telephone/by-keys.ts'
import { findFlow } from './telephone/flow-here.ts'
import { keyboardOf } from './telephone/keyboard.ts'
import { labeller } from './telephone/place.ts'
import type { Callee } from './telephone/place.ts'
import { checkRecord, recordCall } from './telephone/record.ts'
import { readRequest } from './telephone/request.ts'
import type { CallRequest } from './telephone/request.ts'
import { readingsJson, writeReadings } from './telephone/readings-table.ts'
import { toJson, writeSummary } from './telephone/summary.ts'
import type { Outcome } from './telephone/summary.ts'
import { wrap } from './telephone/screen.ts'
import { writeTrace } from './telephone/wording.ts'

const HELP = `tonval call: a telephone in the terminal

Usage: tonval call [FLOW]          calls a flow of the folder; may be left out where there is one
       tonval call --url URL       calls any 46elks application, wherever it runs

On a terminal the keys of the telephone are 0-9 * #; h hangs up, s stays silent (and skips the
waiting), space or return ends speaking. Where a number is rung, you say what becomes of it:
a answers, b busy, n no answer. Ctrl-C hangs up.

  --keys "1 2# silence"  the same without a terminal, in no time: digits, silence, success,
                         busy, failed, speak:N, wait:N, fail (a sound breaks), hang-up;
                         after the last word the caller hangs up
  --dir DIR              the folder of the flows (default: flows)
  --from NUMBER          who calls (default: +46701234567), or hidden
  --to NUMBER            the line called (default: the flow's first)
  --at TIME              the time that the flow believes it is: 2026-03-02T14:30+01:00
  --play                 plays the sounds, with ffplay, mpv, afplay, mpg123 or aplay
  --readings all         with --keys: the call under every reading of what the carrier's
                         documentation leaves open
  --format FORMAT        with --keys: pretty (default) or json
  --record FILE          adds the call to FILE (flows/NAME.calls.yaml) as a scripted call
  --name TEXT            what the scripted call is called
  -h, --help

Exit status: 0 the call was completed, with or without warnings; 1 the application failed it;
2 bad usage, or a flow with errors; 3 a fault of tonval.
`

export const call: Command = async (args, io) => {
  const request = readRequest(args)
  if (request === undefined) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const keyboard = keyboardOf(io.stdin)
  if (request.keys === undefined && (keyboard === undefined || io.stdout.isTTY !== true)) {
    throw new UsageError('here is no terminal to press keys at: say with --keys what the caller does, as in `tonval call --keys "1 silence hang-up"`')
  }
  const callee = await findCallee(request, io)
  if (request.record !== undefined) await checkRecord(request.record, io.cwd)
  const asked = { request, callee, callid: makeCallid() }
  if (request.acrossReadings) return callAcross(asked, io)
  const outcome = request.keys !== undefined ? await callByKeys(asked) : await callByHand(asked, keyboard as NonNullable<typeof keyboard>, io)
  if (request.keys === undefined) io.stdout.write(`\n${fitted(writeSummary(outcome), io.stdout.columns)}`)
  else if (request.json) io.stdout.write(`${JSON.stringify(toJson(outcome))}\n`)
  else io.stdout.write(`${writeTrace(outcome.report.trace, labeller(callee), outcome.base)}\n${writeSummary(outcome)}`)
  if (request.record !== undefined) await recordCall(request, request.record, callee, outcome, io)
  return statusOf(outcome)
}

async function findCallee(request: CallRequest, io: Io): Promise<Callee> {
  if (request.url !== undefined) return { url: request.url }
  const here = await findFlow(request.flow, request.dir, io)
  return { here, labels: createLabels(here.served) }
}

async function callAcross(asked: Parameters<typeof callByKeys>[0], io: Io): Promise<number> {
  const outcomes: Outcome[] = []
  const runs = await acrossReadings(async readings => {
    const outcome = await callByKeys(asked, readings)
    outcomes.push(outcome)
    return outcome.report
  })
  const first = outcomes[0] as Outcome
  if (asked.request.json) io.stdout.write(`${JSON.stringify({ ...toJson(first), readings: readingsJson(runs) })}\n`)
  else io.stdout.write(`${writeReadings(runs)}\nUnder the cautious reading:\n${writeSummary(first, '  ')}`)
  if (asked.request.record !== undefined) await recordCall(asked.request, asked.request.record, asked.callee, first, io)
  return outcomes.some(outcome => statusOf(outcome) !== EXIT.clean) ? EXIT.found : EXIT.clean
}

/** The text in the columns of a terminal, broken between words. */
function fitted(text: string, columns = 80): string {
  return text.split('\n').map(line => wrap(line, Math.max(20, columns - 1)).join('\n')).join('\n')
}

/** A call that was broken off is not completed either. */
function statusOf({ report }: Outcome): number {
  return report.ok && report.ended !== 'abort' ? EXIT.clean : EXIT.found
}

