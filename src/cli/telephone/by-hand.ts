/** A call by hand: screen, keyboard, loudspeaker and the call itself, joined and in the end given back. */
import { shortAddress } from '../../emulator/address.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import { openWire } from '../../emulator/wire.ts'
import { wantsColor } from '../io.ts'
import type { Io } from '../io.ts'
import { skippingClock } from '../../emulator/skipping-clock.ts'
import { joinSpeech, takeHandset } from './handset.ts'
import { CONTROL_C, listenTo } from './keyboard.ts'
import type { Keyboard } from './keyboard.ts'
import { labeller, place } from './place.ts'
import type { Asked } from './place.ts'
import { findPlayer } from './player.ts'
import type { Player } from './player.ts'
import { openScreen } from './screen.ts'
import type { Outcome } from './summary.ts'

/** Milliseconds between two looks at what goes on. */
const TICK = 100
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Places a call that a person leads at the terminal, in real time. The terminal is as before when it settles, however. */
export async function callByHand(asked: Asked, keyboard: Keyboard, io: Io): Promise<Outcome> {
  const { callee, request } = asked
  const clock = skippingClock(request.at?.time)
  const wire = openWire()
  const player = request.play ? await findPlayer(io.env['PATH'], wire) : undefined
  const screen = openScreen(io.stdout, wantsColor(io.stdout, io.env))
  const label = labeller(callee)
  const handset = takeHandset(screen, clock, label)
  const abort = new AbortController()

  let isLeaving = false
  // the first time like a receiver put down: the application is told; the second time at once
  const leave = (): void => {
    if (isLeaving || !handset.hangUp()) {
      abort.abort()
      // requests that nobody waits for any more
      wire.close('cut-off').catch(() => undefined)
    }
    isLeaving = true
  }
  const mute = listenTo(keyboard, key => (key === CONTROL_C ? leave() : handset.press(key)))
  const restore = (): void => {
    mute()
    screen.close()
  }
  process.once('exit', restore)
  for (const signal of SIGNALS) process.on(signal, leave)
  const ticking = setInterval(() => handset.tick(), TICK)
  if (request.play) screen.say('', player === undefined ? 'no sound: none of ffplay, mpv, afplay, mpg123 and aplay is on the PATH' : `sounds are played by ${player.name}`, 'quiet')
  try {
    screen.say('', `calling ${callee.here === undefined ? shortAddress(callee.url) : callee.here.served.flow.name}: 0-9 * # are the keys, s stays silent, h or Ctrl-C hangs up`, 'quiet')
    const outcome = await place(asked, {
      person: handset.person, clock, wire, signal: abort.signal,
      onEvent: event => {
        handset.onEvent(event)
        if (player !== undefined) sound(player, event)
      },
    })
    return { ...outcome, report: { ...outcome.report, trace: joinSpeech(outcome.report.trace) } }
  } finally {
    clearInterval(ticking)
    restore()
    process.off('exit', restore)
    for (const signal of SIGNALS) process.off(signal, leave)
    await player?.close()
    await wire.close('cut-off').catch(() => undefined)
  }
}

function sound(player: Player, event: TraceEvent): void {
  if (event.kind === 'sound' && event.trouble === undefined) player.begin(event.address)
  if (event.kind === 'sound-end') player.end()
}
