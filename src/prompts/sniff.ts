/** What a sound file really is, told by its first bytes: its name may say something else. */

/** The format among those that the carrier plays (facts: WAV, MP3, Ogg Vorbis; Ogg Opus is not accepted); undefined for any other. */
export function sniff(bytes: Buffer): 'wav' | 'mp3' | 'ogg' | undefined {
  const begins = (text: string, at = 0): boolean => bytes.toString('latin1', at, at + text.length) === text
  if (begins('RIFF') && begins('WAVE', 8)) return 'wav'
  if (begins('OggS')) return bytes.subarray(0, 128).includes('\u0001vorbis', 0, 'latin1') ? 'ogg' : undefined
  if (begins('ID3')) return 'mp3'
  // a frame of MPEG audio: eleven bits set, layer III
  const [first, second] = bytes
  return first === 0xff && second !== undefined && (second & 0xe6) === 0xe2 ? 'mp3' : undefined
}

const FOREIGN: readonly (readonly [begins: string, at: number, is: string])[] = [
  ['OpusHead', 28, 'is Ogg Opus, which the carrier does not play'], ['fLaC', 0, 'is FLAC'], ['ftyp', 4, 'is AAC or another sound in an MP4 file'],
  ['FORM', 0, 'is AIFF'], ['.snd', 0, 'is an AU file'], ['#!AMR', 0, 'is AMR'], ['\u001aE\u00df\u00a3', 0, 'is WebM or Matroska'], ['0&\u00b2u', 0, 'is Windows Media'],
  ['OggS', 0, 'is Ogg, and holds no Vorbis'], ['\u0089PNG', 0, 'is a picture (PNG)'], ['\u00ff\u00d8\u00ff', 0, 'is a picture (JPEG)'], ['GIF8', 0, 'is a picture (GIF)'],
  ['PK\u0003\u0004', 0, 'is a ZIP file'], ['%PDF', 0, 'is a PDF document'], ['\u001f\u008b', 0, 'is packed with gzip'], ['version https://git-lfs', 0, 'is only a pointer of Git LFS: the sound itself was not fetched'],
  ['<', 0, 'is a web page or XML'],
]

/** What a file is that the carrier does not play, as words that follow its name. */
export function foreign(bytes: Buffer): string {
  if (bytes.length === 0) return 'is empty: it has 0 bytes'
  return FOREIGN.find(([begins, at]) => bytes.toString('latin1', at, at + begins.length) === begins)?.[2] ?? 'is no sound that the carrier plays'
}
