/**
 * How switches were set, by whom and when, in one file of the data folder: a line a flip, never rewritten. What is on
 * the disk is in memory, so that no call waits for a disk; servers that share the folder see each other's flips.
 */
import { unwatchFile, watchFile } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Flip } from '../compile/switch.ts'

/** One flip, on record. */
export interface FlipRecord extends Flip {
  readonly name: string
  /** When: milliseconds since 1970. */
  readonly at: number
  /** Who. */
  readonly by: string
}

export interface SwitchStore {
  /** The last flip of each switch, by name. The map is replaced, never changed. */
  readonly flips: ReadonlyMap<string, FlipRecord>
  /** The flips of a switch, the latest first. */
  record(name: string): readonly FlipRecord[]
  /** Sets a switch; resolved when a crash cannot undo it any more, and only then does anybody see it. Throws what the disk says. */
  flip(flip: FlipRecord): Promise<void>
  close(): Promise<void>
}

/** Milliseconds between two looks at what other servers have flipped. */
const LOOK = 1000
/** Flips of one switch that can be asked for. */
const MOST_KEPT = 20

/** The switches of a data folder. Throws where it cannot be read. `failed` is told where the flips of other servers cannot be read. */
export async function openSwitchStore(data: string, failed: (error: Error) => void): Promise<SwitchStore> {
  await mkdir(data, { recursive: true })
  const path = join(data, 'switches.jsonl')
  const kept = new Map<string, FlipRecord[]>()
  let flips: ReadonlyMap<string, FlipRecord> = new Map()
  /** Bytes that have been read, whole lines only. */
  let known = 0
  let working: Promise<unknown> = Promise.resolve()

  /** Reads what has been added. A last line without its end was cut off by a crash: nobody was told that it holds. */
  async function look(): Promise<void> {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    if (bytes.length < known) forget()
    const end = bytes.lastIndexOf('\n') + 1
    if (end <= known) return
    for (const line of bytes.subarray(known, end).toString('utf8').split('\n')) {
      const flip = readLine(line)
      if (flip === undefined) continue
      const own = kept.get(flip.name)
      if (own === undefined) kept.set(flip.name, [flip])
      else {
        own.unshift(flip)
        own.length = Math.min(own.length, MOST_KEPT)
      }
    }
    known = end
    flips = new Map([...kept].map(([name, [last]]) => [name, last as FlipRecord]))
  }

  /** Somebody has put another file in its place. */
  function forget(): void {
    known = 0
    kept.clear()
  }

  async function write(flip: FlipRecord): Promise<void> {
    const isNew = known === 0
    const file = await open(path, 'a+')
    try {
      const { size } = await file.stat()
      const last = Buffer.alloc(1)
      if (size > 0) await file.read(last, 0, 1, size - 1)
      // a line that a crash has cut off must neither swallow this one nor come to life: nobody was told that it holds
      const cut = size > 0 && last.toString() !== '\n' ? '#\n' : ''
      await file.appendFile(`${cut}${JSON.stringify(flip)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    if (isNew) await syncFolder(data)
    await look()
  }

  /** One thing after the other: two flips at once must not read each other's half. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = working.then(work)
    working = done.catch(() => undefined)
    return done
  }

  await look()
  const watched = (): void => { inTurn(look).catch(failed) }
  watchFile(path, { interval: LOOK, persistent: false }, watched)

  return {
    get flips() { return flips },
    record: name => kept.get(name) ?? [],
    flip: flip => inTurn(() => write(flip)),
    async close() {
      unwatchFile(path, watched)
      await working
    },
  }
}

/** A new file is there after a power cut only once its folder is on the disk, too. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

function readLine(line: string): FlipRecord | undefined {
  try {
    const flip = JSON.parse(line) as Partial<FlipRecord> | null
    const isFlip = typeof flip?.name === 'string' && typeof flip.value === 'string' && typeof flip.at === 'number' && typeof flip.by === 'string' && (flip.until === undefined || typeof flip.until === 'number')
    return isFlip ? (flip as FlipRecord) : undefined
  } catch {
    return undefined
  }
}
