/** A scripted call once more, over HTTP: the emulator plays the carrier against a server of ours in this process, in virtual time. */
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { createTokens } from '../carrier/recent.ts'
import { createSealer } from '../carrier/seal.ts'
import { createKeyCheck, voiceKey } from '../carrier/voice-key.ts'
import type { Flow } from '../compile/flow.ts'
import { placeCall } from '../emulator/call.ts'
import { virtualClock } from '../emulator/clock.ts'
import type { Clock } from '../emulator/clock.ts'
import { cautious } from '../emulator/readings.ts'
import type { Readings } from '../emulator/readings.ts'
import type { RequestRecord } from '../emulator/report.ts'
import { Sounds } from '../emulator/sounds.ts'
import { transcript } from '../emulator/transcript.ts'
import { openWire } from '../emulator/wire.ts'
import type { Wire } from '../emulator/wire.ts'
import { silentWave } from '../prompts/silence.ts'
import { buildApp } from '../serve/app.ts'
import { UNTOUCHED } from '../run/world.ts'
import type { World } from '../run/world.ts'
import { CALLID } from '../simulate/simulate.ts'
import type { Held } from '../simulate/simulate.ts'
import { SOUND_SECONDS } from '../simulate/sound-seconds.ts'
import { rehearsed } from './rehearsed.ts'

export interface HeldOverHttp {
  readonly transcript: readonly string[]
  /** What broke a fact of the carrier, in words. */
  readonly findings: readonly string[]
}

/** A server with a telephone. It holds one call at a time, because its clock is that call's. */
export interface Lane {
  hold(held: Held, readings?: Readings): Promise<HeldOverHttp>
  close(): Promise<void>
}

interface Now {
  flow: Flow | undefined
  clock: Clock
  world: World
  handover: string | undefined
}

/** Starts a server on a free port of this machine, with nothing on disk. */
export async function openLane(): Promise<Lane> {
  const secret = randomBytes(24).toString('base64url')
  const now: Now = { flow: undefined, clock: virtualClock(0), world: UNTOUCHED, handover: undefined }
  const version = (wanted: string): Flow | undefined => (now.flow?.version === wanted ? now.flow : undefined)
  const { app } = await buildApp({
    flows: {
      get live() {
        return { flows: new Map(now.flow === undefined ? [] : [[now.flow.name, now.flow]]), numbers: new Map() }
      },
      version, fetch: async wanted => version(wanted),
    },
    // sounds are not fetched from it: every one counts as equally long
    sounds: { folder: process.cwd(), sound: () => undefined },
    tokens: createTokens(createSealer([secret])), isKey: createKeyCheck([secret]), log: pino({ level: 'silent' }), logStep: () => undefined, logNotice: () => undefined,
    publicUrl: undefined, trustProxy: [], allowFrom: [], now: () => now.clock.now(), world: () => now.world, version: 'test',
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const wire = ownWire(base, now)

  return {
    async hold(held, readings = cautious) {
      now.flow = held.flow
      now.clock = virtualClock(held.script.at)
      now.world = held.script.world
      now.handover = undefined
      const { from, to, direction } = held.script
      const report = await placeCall({
        start: `${base}/voice/${held.flow.name}?key=${voiceKey(secret, held.flow.name)}`, from, to, direction, callid: CALLID, clock: now.clock, wire,
        person: rehearsed(held.encounters), readings: asScripted(readings, held), misbehave: { repeat: repeats(held.repeats) },
      })
      const lines = transcript(report.trace)
      const handover = takenOverBy(now)
      if (handover === undefined) return { transcript: lines, findings: report.findings.filter(one => one.severity === 'error' || one.code === 'answers-differ').map(one => one.message) }
      return { transcript: [...lines.slice(0, -1), `handover ${handover}`], findings: [] }
    },
    async close() {
      await wire.close()
      await app.close()
    },
  }
}

function takenOverBy({ handover }: Now): string | undefined {
  return handover
}

/** A wire that reaches our server alone: no sound is fetched, and an application that takes a call over is not called. */
function ownWire(base: string, now: Now): Wire {
  const wire = openWire()
  const wave = silentWave(SOUND_SECONDS * 1000)
  const get: Wire['get'] = async () => ({ status: 200, bytes: wave, type: 'audio/wav' })
  return {
    get, sounds: new Sounds(get), close: how => wire.close(how),
    post(address, form, headers, milliseconds) {
      if (address.startsWith(`${base}/`)) return wire.post(address, form, headers, milliseconds)
      now.handover = address
      return Promise.resolve({ trouble: 'refused', message: 'another application takes over' })
    },
  }
}

/** `sound: failed` at an ivr says that the carrier reports an error: whatever else is read, this is. */
function asScripted(readings: Readings, { encounters }: Held): Readings {
  const breaks = encounters.some(one => one.kind === 'ivr' && one.acts.some(act => act.act === 'sound-failed'))
  return breaks ? { ...readings, unplayableWhy: 'error' } : readings
}

/** Sends the requests of these numbers twice; notices do not count. */
function repeats(numbers: readonly number[]): (request: Readonly<RequestRecord>) => 'at-once' | undefined {
  const asked: Readonly<RequestRecord>[] = []
  return request => {
    if (numbers.length === 0 || ['record', 'recordcall', 'whenhangup'].includes(request.purpose)) return undefined
    if (!asked.includes(request)) asked.push(request)
    return numbers.includes(asked.indexOf(request)) ? 'at-once' : undefined
  }
}
