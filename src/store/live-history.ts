/** Which version of which flow went live when: a line for each, so that `versions` and `rollback` know what stood before. */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atomicWrite } from './atomic-write.ts'

/** A version that went live. */
export interface WentLive {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly flow: string
  /** Null where the flow went, and nothing answers in its place. */
  readonly version: string | null
}

/** Lines that are kept for each flow once the file is shortened, and how many lines it may have until then. */
const KEPT = 100
const MOST_LINES = 10_000

function fileOf(data: string): string {
  return join(data, 'history.jsonl')
}

/** What went live, the oldest first; empty where nothing was ever written. A line that was cut off by a crash is left out. */
export async function readHistory(data: string): Promise<WentLive[]> {
  const text = await readFile(fileOf(data), 'utf8').catch(() => '')
  return text.split('\n').flatMap(line => {
    try {
      const { at, flow, version } = JSON.parse(line) as WentLive
      return typeof at === 'number' && typeof flow === 'string' && (version === null || typeof version === 'string') ? [{ at, flow, version }] : []
    } catch {
      return []
    }
  })
}

/** Notes what is live now, by flow, as far as it is not what the file says last. Throws where the disk refuses. */
export async function noteLive(data: string, live: Readonly<Record<string, string>>, at: number): Promise<void> {
  const history = await readHistory(data)
  const last = new Map(history.map(line => [line.flow, line.version]))
  const lines: WentLive[] = []
  for (const [flow, version] of Object.entries(live)) if (last.get(flow) !== version) lines.push({ at, flow, version })
  for (const [flow, version] of last) if (version !== null && !Object.hasOwn(live, flow)) lines.push({ at, flow, version: null })
  if (lines.length === 0) return
  const written = (all: readonly WentLive[]): string => all.map(line => `${JSON.stringify(line)}\n`).join('')
  if (history.length + lines.length <= MOST_LINES) await appendFile(fileOf(data), written(lines))
  else await atomicWrite(fileOf(data), written(shortened([...history, ...lines])))
}

function shortened(history: readonly WentLive[]): WentLive[] {
  const left = new Map<string, number>()
  const kept = [...history].reverse().filter(({ flow }) => {
    const count = (left.get(flow) ?? 0) + 1
    left.set(flow, count)
    return count <= KEPT
  })
  return kept.reverse()
}
