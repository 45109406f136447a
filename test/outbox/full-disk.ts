/** Loaded into a process before all else: as long as the file of FULL is there, its store may not grow by a page, which SQLite takes for a full disk. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const flag = process.env['FULL'] ?? ''

if (!isMainThread && flag !== '') {
  const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
  const exec = Database.prototype.exec
  Database.prototype.exec = function (this: InstanceType<typeof Database>, sql: string) {
    if (sql.startsWith('BEGIN')) this.pragma(`max_page_count = ${existsSync(flag) ? 1 : 1_000_000}`)
    return Reflect.apply(exec, this, [sql])
  }
}
