/** What a call sends, listed in the script that is made of it: where, is told by holding it against its flow, as `tonval test` will. */
import { checkCalls } from '../../check.ts'
import type { CheckSettings, SourceSet, VersionSource } from '../../check.ts'
import { sentData } from '../../simulate/sends.ts'
import { simulate } from '../../simulate/simulate.ts'
import type { ScriptedCall } from './scripted-call.ts'
import { writeCall } from './write-script.ts'

/** The script with a line for everything that the call sends, up to where it may go another way. `set`: the flow, and what it needs. */
export function listSends(set: SourceSet, { name, path }: Pick<VersionSource, 'name' | 'path'>, call: ScriptedCall, settings: CheckSettings): ScriptedCall {
  const { held: [held] } = checkCalls({ ...set, calls: [{ name, path, text: `calls:\n${writeCall(call)}` }] }, settings)
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

/** All that a version was made of. */
export function setOf({ name, path, text, sounds, files = [], made = [], uses = [] }: VersionSource): SourceSet {
  return { flows: [{ name, path, text }, ...uses], sounds: new Map(sounds), files: new Map(files.map(([file, written]) => [file, { path: file, text: written }])), made: new Map(made) }
}
