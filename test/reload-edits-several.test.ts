/** Every way of changing several files, and files behind links, that people and programs have, once each. */
import { SEVERAL } from './reload/several.ts'
import { holdOnce } from './reload/hold-once.ts'

holdOnce('edits of several files', SEVERAL)
