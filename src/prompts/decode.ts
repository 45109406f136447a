/** The samples of a sound, whatever it is written in: piece by piece, so that a long one is never in memory whole. */
import { readWave } from './wave.ts'
import { isMonoMp3, xingFrames } from './length.ts'

/** Told of each piece, channel by channel. Gives false where it has heard enough. */
export type Listener = (channels: readonly Float32Array[], rate: number) => boolean | void

/** Samples of a WAV and bytes of other files in one piece. */
const PIECE = 65_536

/** Decodes the bytes of a sound. Throws, in words that follow "it", where they cannot be played to their end. */
export async function decode(bytes: Buffer, format: 'wav' | 'mp3' | 'ogg', listen: Listener): Promise<void> {
  if (format === 'wav') decodeWave(bytes, listen)
  else if (format === 'mp3') await decodeMp3(bytes, listen)
  else await decodeOgg(bytes, listen)
}

function decodeWave(bytes: Buffer, listen: Listener): void {
  const wave = readWave(bytes)
  for (let at = 0; at < wave.length; at += PIECE) if (listen(wave.read(at, PIECE), wave.rate) === false) return
  if (wave.isCut) throw new Error('is cut off: it ends before its header says')
}

async function decodeMp3(bytes: Buffer, listen: Listener): Promise<void> {
  const { MPEGDecoder } = await import('mpg123-decoder')
  const decoder = new MPEGDecoder()
  await decoder.ready
  try {
    let heard = 0
    let perFrame = 0
    // the decoder gives two channels in any case
    const channels = isMonoMp3(bytes) ? 1 : 2
    for (let at = 0; at < bytes.length; at += PIECE) {
      const { channelData, samplesDecoded, sampleRate } = decoder.decode(bytes.subarray(at, at + PIECE))
      if (samplesDecoded === 0) continue
      heard += samplesDecoded
      perFrame = sampleRate >= 32_000 ? 1152 : 576
      if (listen(channelData.slice(0, channels), sampleRate) === false) return
      await turn()
    }
    const said = xingFrames(bytes)
    // the encoder's own padding is not played: a few frames less than it says are no cut
    if (said !== undefined && perFrame > 0 && heard / perFrame < said - 8) throw new Error('is cut off: it ends before its header says')
  } finally {
    decoder.free()
  }
}

async function decodeOgg(bytes: Buffer, listen: Listener): Promise<void> {
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis')
  const decoder = new OggVorbisDecoder()
  await decoder.ready
  try {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const { channelData, samplesDecoded, sampleRate } = await decoder.decode(bytes.subarray(at, at + PIECE))
      if (samplesDecoded > 0 && listen(channelData, sampleRate) === false) return
      await turn()
    }
    const { channelData, samplesDecoded, sampleRate } = await decoder.flush()
    if (samplesDecoded > 0) listen(channelData, sampleRate)
    if (isCutPage(bytes)) throw new Error('is cut off: its last page is not whole')
  } finally {
    decoder.free()
  }
}

/** Whether the last page of an Ogg stream says that more belongs to it than there is. */
function isCutPage(bytes: Buffer): boolean {
  const at = bytes.lastIndexOf('OggS', undefined, 'latin1')
  if (at < 0 || at + 27 > bytes.length) return true
  const segments = bytes[at + 26] as number
  if (at + 27 + segments > bytes.length) return true
  const size = bytes.subarray(at + 27, at + 27 + segments).reduce((sum, segment) => sum + segment, 0)
  return at + 27 + segments + size > bytes.length
}

function turn(): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve) })
}
