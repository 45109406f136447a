/** What the carrier holds an application to: each row is one fact, and the sentence that says it was broken. */

/** `error`: it ended the call. `warning`: the call went on, perhaps not as meant. */
export type Severity = 'error' | 'warning'

interface Fact {
  readonly severity: Severity
  /** Section of the list of carrier facts that the emulator was written from. */
  readonly section: string
  /** The fact itself, and where the carrier says so. */
  readonly says: string
}

const error = (section: string, says: string): Fact => ({ severity: 'error', section, says })
const warning = (section: string, says: string): Fact => ({ severity: 'warning', section, says })

const OBJECT = 'The reply must be one JSON object that is a call action (46elks, Receive call and Call actions).'
const STATUS = 'Every reply must have a status from 200 to 204; any other ends the live call (46elks, Receive call).'
const RANGE = 'Options are numbers within a range; what happens outside of it is documented for the timeout of ivr only (46elks, IVR).'

/** Every rule that a finding can name; a code is never reused. */
export const FACTS = {
  'reply-status': error('1.4', STATUS),
  'reply-redirect': error('1.4', `${STATUS} Redirects are not known to be followed.`),
  'reply-timeout': error('1.4', 'The caller hears nothing until the reply is there. No limit is documented: answer within about a second.'),
  'reply-missing': error('1.4', `${STATUS} Here there was no reply at all.`),
  'reply-too-large': error('1.4', OBJECT),
  'reply-not-json': error('1.4', OBJECT),
  'reply-not-object': error('1.4', OBJECT),
  'reply-empty': warning('1.4', 'An empty reply, {} or status 204 ends the call; {"hangup":"reject"} says the same and is documented.'),
  'no-action': error('1.4', 'An action has one of the keys connect, play, ivr, record, hangup; recordcall only rides on one of these (46elks, Call actions).'),
  'two-actions': error('1.4', 'An action has exactly one of the keys connect, play, ivr, record, hangup (46elks, Call actions).'),
  'reply-too-deep': warning('2.0', 'Actions may be nested, but how deeply and how large is not documented: keep trees shallow.'),
  'address-relative': error('2.0', 'An address must be absolute, http or https (46elks, Call actions).'),
  'address-too-long': error('1.4', 'How long an address may be is not documented: stay under 2,000 characters.'),
  'target-invalid': error('2.0', 'next, busy, failed and digit keys hold an address or a call action (46elks, Call actions).'),
  'whenhangup-invalid': warning('3', 'whenhangup is an absolute address (46elks, Call actions).'),
  'record-invalid': warning('2.4', 'record is an absolute address, or local/ and a name (46elks, Record).'),
  'recordcall-invalid': warning('2.5', 'recordcall is an absolute address (46elks, Recordcall).'),
  'nested-action': warning('2.0', 'An action written inline must be a correct action too; this one would end the call if it were reached.'),
  'unknown-key': warning('2.0', 'Only documented keys have a meaning; others are believed to be ignored (46elks, Call actions).'),
  'out-of-range': warning('2.0', RANGE),
  'next-on-hangup': warning('2.6', 'hangup ends the call and takes no next (46elks, Hangup).'),
  'hangup-value': warning('2.6', 'hangup is "busy", "reject" or "404" (46elks, Hangup).'),
  'hangup-late': warning('2.6', '"busy" and "404" work as the first action only; later it must be "reject" (46elks, Hangup).'),
  'key-ignored': warning('2.1', 'A digit key is one digit, and is documented for an ivr of one digit only (46elks, IVR).'),
  'ivr-built-in': warning('2.1', 'ivr is documented with the address of a sound only; sound/..., local/... and spoken text are for play (46elks, IVR).'),
  'number-invalid': warning('2.3', 'connect takes E.164 numbers (+ and 7 to 15 digits), comma-separated, or a SIP address (46elks, Connect).'),
  'sound-unplayable': warning('6', 'A sound is a WAV, MP3 or Ogg Vorbis file that a GET answers with status 200, or sound/beep, sound/dtmf/... or local/... (46elks, Play).'),
  'sound-spoken': warning('6', 'Spoken text is an experiment of the carrier, for English only and not switched on for everyone (46elks, Play).'),
  'notice-refused': warning('1.5', 'whenhangup and recording notices must be answered with 200 to 204, or the carrier repeats them for hours.'),
  'answers-differ': warning('1.5', 'The carrier may send a request twice: both must get the same answer.'),
  'call-too-long': error('7', 'No longest call is documented; the emulator stops here so that a circle in the application ends.'),
  'call-unreachable': warning('1.2', 'voice_start is asked only when an outgoing call is answered (46elks, Make call).'),
} as const satisfies Record<string, Fact>

export type FactCode = keyof typeof FACTS

/** What the application did that the carrier does not allow, or that is not documented. */
export interface Finding {
  readonly code: FactCode
  readonly severity: Severity
  readonly section: string
  /** The fact that was broken. */
  readonly says: string
  /** What was found, in words for the application's developer. */
  readonly message: string
  /** Seconds since the call began. */
  readonly at: number
  /** The number of the request whose reply holds it (`CallReport.requests`); absent for an action given inline. */
  readonly request?: number
}
