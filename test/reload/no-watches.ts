/** Runs first in a server under test: the system's watches are used up (fs.inotify.max_user_watches). */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

fs.watch = (): never => {
  throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC', errno: -28, syscall: 'watch' })
}
syncBuiltinESMExports()
