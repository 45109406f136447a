/** What a request brings back. */

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number
  readonly bytes: Uint8Array
  /** The content type. */
  readonly type?: string
  /** Where a redirect points; never followed. */
  readonly location?: string
}

/** Nothing usable came back. */
export interface Failure {
  readonly trouble: 'address' | 'refused' | 'closed' | 'timeout' | 'too-large'
  /** In words for the application's developer. */
  readonly message: string
}
