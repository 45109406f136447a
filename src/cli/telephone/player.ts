/** Sounds through the loudspeaker of this machine, by whatever player it has. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Wire } from '../../emulator/wire.ts'

/** Players in the order in which they are tried, with what each plays. */
export const PLAYERS: readonly { readonly name: string; readonly args: readonly string[]; readonly plays: RegExp }[] = [
  { name: 'ffplay', args: ['-nodisp', '-autoexit', '-loglevel', 'quiet'], plays: /./ },
  { name: 'mpv', args: ['--no-video', '--really-quiet'], plays: /./ },
  { name: 'afplay', args: [], plays: /\.(wav|mp3)$/ },
  { name: 'mpg123', args: ['-q'], plays: /\.mp3$/ },
  { name: 'aplay', args: ['-q'], plays: /\.wav$/ },
]

export interface Player {
  readonly name: string
  /** Begins a sound; one that cannot be fetched or played is not heard, and that is all. */
  begin(address: string): void
  /** Ends what plays. */
  end(): void
  close(): Promise<void>
}

/** The first player on the path, or undefined where there is none. */
export async function findPlayer(path: string | undefined, wire: Wire): Promise<Player | undefined> {
  for (const player of PLAYERS) {
    for (const folder of (path ?? '').split(delimiter).filter(one => one !== '')) {
      const command = join(folder, player.name)
      if (await access(command, constants.X_OK).then(() => true, () => false)) return openPlayer(command, player, wire)
    }
  }
  return undefined
}

async function openPlayer(command: string, { name, args, plays }: (typeof PLAYERS)[number], wire: Wire): Promise<Player> {
  const folder = await mkdtemp(join(tmpdir(), 'tonval-play-'))
  let current: ChildProcess | undefined
  let count = 0
  const end = (): void => {
    count++
    current?.kill()
    current = undefined
  }
  const play = async (address: string, turn: number): Promise<void> => {
    const answer = await wire.get(address)
    if ('trouble' in answer) return
    const file = join(folder, `${turn}.${endingOf(answer.bytes)}`)
    if (!plays.test(file)) return
    await writeFile(file, answer.bytes)
    if (turn !== count) return
    current = spawn(command, [...args, file], { stdio: 'ignore' })
    current.on('error', () => undefined)
  }
  return {
    name,
    end,
    begin(address) {
      end()
      if (/^https?:/i.test(address)) play(address, count).catch(() => undefined)
    },
    async close() {
      end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function endingOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  return head === 'RIFF' ? 'wav' : head === 'OggS' ? 'ogg' : 'mp3'
}
