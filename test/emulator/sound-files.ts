/** Sound files made by hand: as much of each format as tells its length. */

/** MP3 frames of 128 kbit/s at 44.1 kHz, 26.122 ms each, all silent. */
export function makeMp3(frames: number): Buffer {
  const frame = Buffer.alloc(417)
  frame.writeUInt32BE(0xfffb9000, 0)
  return Buffer.concat(Array.from({ length: frames }, () => frame))
}

/** Ogg Vorbis, 8 kHz mono: its headers and a last page that tells the number of samples. */
export function makeVorbis(seconds: number): Buffer {
  const identity = Buffer.alloc(30)
  identity.write('\x01vorbis', 0, 'latin1')
  identity.writeUInt8(1, 11)
  identity.writeUInt32LE(8000, 12)
  identity.writeUInt8(0xb8, 28)
  identity.writeUInt8(1, 29)
  const comment = Buffer.concat([Buffer.from('\x03vorbis', 'latin1'), Buffer.alloc(8), Buffer.from([1])])
  return Buffer.concat([page(identity, 0, 0, 2), page(comment, 1, 0, 0), page(Buffer.alloc(8), 2, seconds * 8000, 4)])
}

/** Ogg Opus, which the carrier does not take. */
export function makeOpus(): Buffer {
  const identity = Buffer.alloc(19)
  identity.write('OpusHead', 0, 'latin1')
  identity.writeUInt8(1, 8)
  identity.writeUInt8(1, 9)
  identity.writeUInt32LE(48_000, 12)
  const tags = Buffer.concat([Buffer.from('OpusTags', 'latin1'), Buffer.alloc(8)])
  return Buffer.concat([page(identity, 0, 0, 2), page(tags, 1, 0, 0), page(Buffer.alloc(8), 2, 48_000, 4)])
}

function page(packet: Buffer, sequence: number, granule: number, flags: number): Buffer {
  const head = Buffer.alloc(28)
  head.write('OggS', 0, 'latin1')
  head.writeUInt8(flags, 5)
  head.writeBigInt64LE(BigInt(granule), 6)
  head.writeUInt32LE(1, 14)
  head.writeUInt32LE(sequence, 18)
  head.writeUInt8(1, 26)
  head.writeUInt8(packet.length, 27)
  return Buffer.concat([head, packet])
}
