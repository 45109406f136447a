/** Why the store cannot be used, and what to do: for the operator. */

export type StoreTrouble = 'full' | 'locked' | 'damaged' | 'refused' | 'newer' | 'slow' | 'closed' | 'other'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly trouble: StoreTrouble

  constructor(trouble: StoreTrouble, message: string) {
    super(message)
    this.trouble = trouble
  }
}

/** What SQLite's own codes mean. `path`: the store's file. */
export function storeError(code: string, message: string, path: string): StoreError {
  if (/^SQLITE_FULL/.test(code) || /ENOSPC|disk is full|no space/i.test(message)) return new StoreError('full', `the disk with ${path} is full: make room`)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code) || /database is locked/i.test(message)) return new StoreError('locked', `${path} is locked by another program (a backup, a \`sqlite3\` shell?): end it`)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code) || /malformed|not a database/i.test(message)) {
    return new StoreError('damaged', `${path} is damaged (${message}): put a backup in its place, or move it away together with its -wal and -shm files, and a new one is made; what waited in it is then lost`)
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) || /EACCES|EROFS|unable to open|readonly/i.test(message)) return new StoreError('refused', `${path} cannot be written (${message}): check its rights and those of its folder`)
  return new StoreError('other', `${path} cannot be used: ${message}`)
}
