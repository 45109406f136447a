/** Every way of changing one file that people and programs have, once each; `npm run test:reload` makes each many times. */
import { ONE_FILE } from './reload/one-file.ts'
import { holdOnce } from './reload/hold-once.ts'

holdOnce('edits of one file', ONE_FILE)
