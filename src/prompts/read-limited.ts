/** The bytes of an answer, so many at most. Rejects, without reading on, where there are more. */
export async function readLimited(answer: Response, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = answer.body?.getReader()
  for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
    const bytes = piece.value as Uint8Array
    size += bytes.length
    if (size > most) {
      await reader?.cancel()
      throw new Error(`it is larger than ${Math.round(most / 1024 / 1024)} MB`)
    }
    pieces.push(bytes)
  }
  return Buffer.concat(pieces)
}
