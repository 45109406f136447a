import type { Perform } from '../stage.ts'
import type { ActionName } from '../validate-action.ts'
import { connect } from './connect.ts'
import { hangup } from './hangup.ts'
import { ivr } from './ivr.ts'
import { play } from './play.ts'
import { record } from './record.ts'

/** All actions of the carrier; `recordcall` is an option that rides on any of them. */
export const PERFORM: Record<ActionName, Perform> = { connect, hangup, ivr, play, record }
