/** Runs first in a server under test: nothing is ever heard from the system's watching, as on a network's mount. */
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

fs.watch = (() => Object.assign(new EventEmitter(), { close: () => undefined, ref: () => undefined, unref: () => undefined })) as unknown as typeof fs.watch
syncBuiltinESMExports()
