/** A version as the data folder holds it. */
export interface StoredVersion {
  readonly flow: string
  readonly version: string
  readonly live: boolean
  /** Milliseconds since 1970: when it was stored, … */
  readonly stored: number
  /** … when it first went live, and when it last did: absent where nobody noted it. */
  readonly firstLive?: number
  readonly lastLive?: number
  /** Bytes of its file, of the flows that it runs, of its lists and tables, and of the sounds that it plays. */
  readonly size: number
}
