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
