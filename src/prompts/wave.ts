/** WAV: a RIFF file with one block that says how samples are written and one that holds them. */

/** What the bytes of a WAV hold, channel by channel, from -1 to 1. */
export interface Wave {
  readonly rate: number
  readonly channels: number
  /** Samples of each channel from a place on, so many at most; none at the end. */
  read(from: number, most: number): Float32Array[]
  /** How much there is, in samples of one channel. */
  readonly length: number
  /** Whether the header says that more follows than there is. */
  readonly isCut: boolean
}

const PCM = 1
const FLOAT = 3
const A_LAW = 6
const MU_LAW = 7
/** The real kind stands further on. */
const EXTENSIBLE = 0xfffe

/** Reads the header of a WAV. Throws, in words, where there is none that can be read. */
export function readWave(bytes: Buffer): Wave {
  let kind = 0
  let channels = 0
  let rate = 0
  let bits = 0
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4)
    const said = bytes.readUInt32LE(at + 4)
    const rest = bytes.length - at - 8
    if (name === 'fmt ' && rest >= 16) {
      kind = bytes.readUInt16LE(at + 8)
      channels = bytes.readUInt16LE(at + 10)
      rate = bytes.readUInt32LE(at + 12)
      bits = bytes.readUInt16LE(at + 22)
      if (kind === EXTENSIBLE && rest >= 26) kind = bytes.readUInt16LE(at + 32)
    }
    if (name === 'data') {
      const sample = sampleOf(kind, bits)
      if (sample === undefined) throw new Error(kind === 0 ? 'its header does not say how it is written' : `it is written in a way that few programs know (WAV of kind ${kind} with ${bits} bits)`)
      if (channels === 0 || channels > 32 || rate < 1000 || rate > 768_000) throw new Error(`its header says ${channels} channels at ${rate} Hz`)
      // whoever writes into a pipe cannot go back and say how much it was: 0, or a number that no file has
      const unknown = said === 0 || said >= 0x7ffff000
      const size = sample.size * channels
      const length = Math.floor(Math.min(unknown ? rest : said, rest) / size)
      return { rate, channels, length, isCut: !unknown && said > rest + 1, read: (from, most) => samples(bytes, at + 8 + from * size, Math.max(0, Math.min(most, length - from)), channels, sample) }
    }
    at += 8 + said + (said % 2)
  }
  throw new Error('there are no samples in it')
}

interface Sample {
  readonly size: number
  readonly at: (bytes: Buffer, at: number) => number
}

function sampleOf(kind: number, bits: number): Sample | undefined {
  if (kind === PCM && bits === 8) return { size: 1, at: (bytes, at) => ((bytes[at] as number) - 128) / 128 }
  if (kind === PCM && bits === 16) return { size: 2, at: (bytes, at) => bytes.readInt16LE(at) / 32_768 }
  if (kind === PCM && bits === 24) return { size: 3, at: (bytes, at) => bytes.readIntLE(at, 3) / 8_388_608 }
  if (kind === PCM && bits === 32) return { size: 4, at: (bytes, at) => bytes.readInt32LE(at) / 2_147_483_648 }
  if (kind === FLOAT && bits === 32) return { size: 4, at: (bytes, at) => bytes.readFloatLE(at) }
  if (kind === FLOAT && bits === 64) return { size: 8, at: (bytes, at) => bytes.readDoubleLE(at) }
  if (kind === A_LAW && bits === 8) return { size: 1, at: (bytes, at) => fromALaw(bytes[at] as number) }
  if (kind === MU_LAW && bits === 8) return { size: 1, at: (bytes, at) => fromMuLaw(bytes[at] as number) }
  return undefined
}

function samples(bytes: Buffer, from: number, count: number, channels: number, { size, at }: Sample): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const read = new Float32Array(count)
    for (let index = 0; index < count; index++) {
      const value = at(bytes, from + (index * channels + channel) * size)
      read[index] = Number.isFinite(value) ? value : 0
    }
    return read
  })
}

/** ITU-T G.711: four bits of a step, three of the segment that the step stands in, one sign. */
function fromALaw(byte: number): number {
  const bits = byte ^ 0x55
  const segment = (bits >> 4) & 7
  const step = ((bits & 15) << 4) + 8
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return ((bits & 0x80) === 0 ? -size : size) / 32_768
}

function fromMuLaw(byte: number): number {
  const bits = ~byte & 0xff
  const size = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84
  return ((bits & 0x80) === 0 ? size : -size) / 32_768
}

/** A WAV of one channel with 16 bits a sample; what is louder than full is cut. */
export function writeWave(samples: Float32Array, rate: number): Buffer {
  const bytes = Buffer.alloc(44 + samples.length * 2)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(36 + samples.length * 2, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(PCM, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(samples.length * 2, 40)
  for (let index = 0; index < samples.length; index++) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, samples[index] as number)) * 32_767), 44 + index * 2)
  }
  return bytes
}
