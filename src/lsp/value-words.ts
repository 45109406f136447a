/** What the built-in values and the filters of `{{name | filter}}` are, in a line each; test/lsp-parts.test.ts holds them to those that there are. */

export const VALUE_WORDS: Readonly<Record<string, string>> = {
  caller: 'The caller\'s number; in an outgoing call the line that calls.',
  called: 'The number that was called.',
  direction: '`incoming` or `outgoing`.',
  digits: 'The last entry of the caller.',
  'call.id': 'The carrier\'s name of the call.',
  'call.seconds': 'Seconds since the call began.',
  flow: 'The name of this flow.',
  state: 'The name of the state that the call is in.',
  language: 'The language of the prompts.',
  today: 'The date in the flow\'s time zone, as 2026-03-02.',
  time: 'The time in the flow\'s time zone, as 14:05.',
}

/** Those that only messages know: of a recording, and of how a call went. */
export const MESSAGE_WORDS: Readonly<Record<string, string>> = {
  'recording.url': 'Where the recording is kept, behind a secret; in `deliver`.',
  'recording.seconds': 'How long the recording is; in `deliver`.',
  'recording.id': 'The carrier\'s name of the recording; in `deliver`.',
  'recording.created': 'When the recording was made; in `deliver`.',
  'call.answered_by': 'The number that answered last; in `on_hangup`.',
  'call.talk_seconds': 'How long callers and those who answered talked; in `on_hangup`.',
  'call.state': 'The state that the call ended in; in `on_hangup`.',
}

export const FILTER_WORDS: Readonly<Record<string, string>> = {
  last4: 'The last four characters.',
  spaced: 'Digit by digit, for a text that is spoken.',
  national: 'A number as it is written in the flow\'s country.',
  e164: 'A number with plus sign and country; empty where it is no number.',
  duration: 'Seconds as minutes and seconds: 95 is 1m35s.',
  lower: 'In small letters.',
  upper: 'In capital letters.',
  default: 'What stands for an empty value: `default: "none"`.',
}
