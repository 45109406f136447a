/**
 * How long a sound is, told by its bytes. By hand, for a check asks it of every file of a folder: music-metadata takes
 * 190 ms to load where a whole `tonval lint` may take 500, and reads an MP3 without giving anyone else a turn. The tests
 * hold each of these against it.
 */

/** The length in seconds, to the millisecond; undefined where the bytes do not tell it. 0 is a file without any sound. */
export function soundLength(bytes: Buffer, format: 'wav' | 'mp3' | 'ogg' | undefined): number | undefined {
  const seconds = format === 'wav' ? ofWav(bytes) : format === 'mp3' ? ofMp3(bytes) : format === 'ogg' ? ofOgg(bytes) : undefined
  return seconds === undefined || !Number.isFinite(seconds) ? undefined : Math.round(seconds * 1000) / 1000
}

function ofWav(bytes: Buffer): number | undefined {
  let rate = 0
  for (let at = 12; at + 8 <= bytes.length;) {
    const kind = bytes.toString('latin1', at, at + 4)
    const said = bytes.readUInt32LE(at + 4)
    if (kind === 'fmt ' && at + 20 <= bytes.length) rate = bytes.readUInt32LE(at + 16)
    if (kind === 'data') {
      const rest = bytes.length - at - 8
      // whoever writes into a pipe cannot go back and say how much it was
      return rate === 0 ? undefined : (said === 0 ? rest : Math.min(said, rest)) / rate
    }
    at += 8 + said + (said % 2)
  }
  return undefined
}

/** kbit/s of layer III by the four bits of a frame's header: of MPEG 1, and of 2 and 2.5. */
const BIT_RATES = [[0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]] as const
const SAMPLE_RATES = [44_100, 48_000, 32_000] as const

interface Frame {
  readonly size: number
  readonly seconds: number
  /** Where the first frame of a variable bit rate keeps its table instead of sound. */
  readonly tableAt: number
}

function frameAt(bytes: Buffer, at: number): Frame | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return undefined
  const [, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4)
  // eleven bits set, and layer III
  if ((second & 0xe6) !== 0xe2) return undefined
  const version = (second >> 3) & 3
  const kilobits = BIT_RATES[version === 3 ? 0 : 1][third >> 4]
  const full = SAMPLE_RATES[(third >> 2) & 3]
  if (version === 1 || kilobits === undefined || kilobits === 0 || full === undefined) return undefined
  const rate = version === 3 ? full : version === 2 ? full / 2 : full / 4
  const samples = version === 3 ? 1152 : 576
  const mono = fourth >> 6 === 3
  const side = version === 3 ? (mono ? 17 : 32) : mono ? 9 : 17
  return { size: Math.floor(((samples / 8) * kilobits * 1000) / rate) + ((third >> 1) & 1), seconds: samples / rate, tableAt: at + 4 + side }
}

/** All frames are counted: a table of a variable bit rate may be missing, or speak of a file that has been cut since. */
function ofMp3(bytes: Buffer): number | undefined {
  let at = behindTags(bytes)
  let seconds = 0
  let inStep = false
  let frames = 0
  while (at + 4 <= bytes.length) {
    const frame = frameAt(bytes, at)
    // out of step, one header may be chance: a second one has to follow it
    if (frame === undefined || (!inStep && at + frame.size < bytes.length && frameAt(bytes, at + frame.size) === undefined)) {
      inStep = false
      const next = bytes.indexOf(0xff, at + 1)
      if (next < 0) break
      at = next
      continue
    }
    inStep = true
    const isTable = frames === 0 && (['Xing', 'Info'].includes(bytes.toString('latin1', frame.tableAt, frame.tableAt + 4)) || bytes.toString('latin1', at + 36, at + 40) === 'VBRI')
    if (!isTable) seconds += frame.seconds
    frames++
    at += frame.size
  }
  return frames === 0 ? undefined : seconds
}

/** Whether an MP3 says of its first frame that it has one channel. */
export function isMonoMp3(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xff, behindTags(bytes)); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (frameAt(bytes, at) !== undefined) return (bytes[at + 3] as number) >> 6 === 3
  }
  return false
}

/** How many frames the table of a variable bit rate says there are; undefined where there is no such table. */
export function xingFrames(bytes: Buffer): number | undefined {
  const at = behindTags(bytes)
  const frame = frameAt(bytes, at)
  if (frame === undefined || frame.tableAt + 12 > bytes.length || !['Xing', 'Info'].includes(bytes.toString('latin1', frame.tableAt, frame.tableAt + 4))) return undefined
  return ((bytes[frame.tableAt + 7] as number) & 1) === 0 ? undefined : bytes.readUInt32BE(frame.tableAt + 8)
}

/** Behind ID3 tags, whose pictures may look like sound. */
function behindTags(bytes: Buffer): number {
  let at = 0
  while (at + 10 <= bytes.length && bytes.toString('latin1', at, at + 3) === 'ID3') {
    const size = [6, 7, 8, 9].reduce((sum, place) => sum * 128 + ((bytes[at + place] as number) & 0x7f), 0)
    const footer = ((bytes[at + 5] as number) & 0x10) === 0 ? 0 : 10
    at += 10 + size + footer
  }
  return at
}

/** The last page of the stream counts the samples up to its end. */
function ofOgg(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\u0001vorbis', 0, 'latin1')
  if (head < 0 || head + 16 > bytes.length || bytes.length < 28) return undefined
  const rate = bytes.readUInt32LE(head + 12)
  const stream = bytes.readUInt32LE(14)
  for (let at = bytes.lastIndexOf('OggS', undefined, 'latin1'); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf('OggS', at - 1, 'latin1')) {
    if (at + 27 > bytes.length || bytes[at + 4] !== 0 || bytes.readUInt32LE(at + 14) !== stream) continue
    const samples = bytes.readBigInt64LE(at + 6)
    // a page that no packet ends on says -1
    if (samples >= 0n) return rate === 0 ? undefined : Number(samples) / rate
  }
  return undefined
}
