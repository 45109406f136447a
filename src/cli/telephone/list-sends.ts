/** What a call sends, listed in the script that is made of it: where, is told by holding it against its flow, as `tonval test` will. */
import { checkCalls } from '../../check.ts'
import { sentData } from '../../simulate/sends.ts'
import { simulate } from '../../simulate/simulate.ts'
import { checkSettings } from '../check-settings.ts'
import type { FlowHere } from './flow-here.ts'
import type { ScriptedCall } from '../../emulator/script/scripted-call.ts'
import { writeCall } from '../../emulator/script/write-script.ts'

/** The script with a line for everything that the call sends, up to where it may go another way. */
export function listSends({ set, served }: FlowHere, call: ScriptedCall, env: Readonly<Record<string, string | undefined>>): ScriptedCall {
  const { held: [held] } = checkCalls({ ...set, calls: [{ name: served.flow.name, path: served.source.path, text: `calls:\n${writeCall(call)}` }] }, checkSettings(env))
  if (held === undefined) return call
  const steps = [...held.script.steps]
  const lines = [...call.steps]
  for (;;) {
    const missing = simulate(held.flow, { ...held.script, steps }).departure?.unlisted
    if (missing === undefined) return { ...call, steps: lines }
    const { before, items, sends } = missing
    steps.splice(before, 0, sends)
    lines.splice(before, 0, { sends: sentData(items) })
  }
}
