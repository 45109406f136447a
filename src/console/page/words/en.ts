/** The texts in English: what they are called is the same in every language. */

import { telephoneEn } from './telephone.ts'

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const en = {
  locale: 'en-GB',
  skip: 'Skip to the content',
  nav: 'Parts', flows: 'Flows', problems: 'Problems', switches: 'Switches', outbox: 'Outbox',
  settings: 'Settings', theme: 'Colours', themes: { auto: 'As the system', light: 'Light', dark: 'Dark' }, language: 'Language', logout: 'Log out',
  line: { open: 'live', connecting: 'connecting …', lost: 'no connection: what you see may be old' },
  loading: 'Loading …', retry: 'Try again', close: 'Close', notFound: 'There is no such page.', home: 'To the flows',
  failed: (why: string) => `This cannot be shown: ${why}`,
  reloadFailed: (why: string) => `The flows could not be read: ${why}`,
  pending: 'The files are being read …',

  noFlows: 'No flow yet', noFlowsHint: 'A flow is a YAML file in the folder that this server watches. `tonval init` makes one to begin with.',
  state: { live: 'live', refused: 'refused', waiting: 'waiting' },
  stateHint: { live: 'answers calls', refused: 'the file has errors; the last good version answers', waiting: 'the file has errors, and no version answers' },
  version: 'Version', since: 'Live since', lines: 'Lines', callsNow: 'Calls now', noLine: 'run by others', noLines: 'no line listed',
  ofProblems: (count: number) => some(count, 'problem', 'problems'), noProblems: 'no problems',
  ofStates: (count: number) => some(count, 'state', 'states'), ofCalls: (count: number) => some(count, 'call', 'calls'),
  ofFlows: (count: number) => some(count, 'flow', 'flows'),
  wentLive: 'Went live', nothingChanges: 'nothing changes for callers', andMore: (count: number) => `and ${count} more`,

  picture: 'Picture', pictureOf: (title: string) => `Picture of ${title}`, pictureHelp: 'Arrow keys move between states, plus and minus zoom, 0 shows all of it.',
  noPicture: 'No picture: no version of this flow is live.', zoomIn: 'Zoom in', zoomOut: 'Zoom out', fit: 'Show all', search: 'Find a state', found: (at: number, of: number) => (of === 0 ? 'none' : `${at} of ${of}`),
  oldVersion: (version: string) => `Version ${version}`, showLive: 'Show what is live',
  noState: 'No state is chosen', noStateHint: 'Click one in the picture, or search for it.',
  about: 'About', aboutState: 'State', hears: 'What the caller hears', hearsNothing: 'nothing', leadsTo: 'Leads to', comesFrom: 'Comes from', endsCall: 'the call ends', takesOver: 'another application takes over',
  shared: 'for all states of the file', begins: 'calls begin here', runs: 'Runs', everywhere: 'From everywhere', after: (seconds: number) => `after ${seconds} seconds`, onError: 'when something breaks',
  play: (name: string) => `Play ${name}`, pause: (name: string) => `Stop ${name}`, notPlayable: 'made for each call', inLanguage: (language: string) => `in ${language}`,
  nowhere: 'nowhere', callsByVersion: 'Calls in progress', ended: 'The call ends',
  roles: { prompt: 'prompt', again: 'when heard before', sorry: 'after a wrong key', silent: 'after silence', between: 'between numbers' } as Readonly<Record<string, string>>,
  verbs: {
    ivr: 'asks for keys', play: 'plays', connect: 'rings', record: 'records', hangup: 'hangs up', route: 'chooses a way', set: 'keeps values', lookup: 'looks up', fetch: 'asks a service', send: 'sends', flow: 'runs a flow', exit: 'comes back',
  } as Readonly<Record<string, string>>,

  severities: { error: 'error', warning: 'warning', info: 'info' }, lineNumber: (line: number) => `line ${line}`, allClean: 'Nothing is wrong', allCleanHint: 'Every flow passes lint without a word.', otherFiles: 'Other files',
  noSwitches: 'No switches', noSwitchesHint: 'A flow declares them under `switches:`.', stands: 'stands at', usualAt: (value: string) => `usually ${value}`, goesBack: 'goes back', forHow: 'For', forever: 'until somebody changes it',
  durations: { '30m': '30 minutes', '1h': '1 hour', '2h': '2 hours', '4h': '4 hours', '8h': '8 hours', '24h': '24 hours', '7d': '7 days' } as Readonly<Record<string, string>>,
  by: 'Your name', byHint: 'stands on record', flippedBy: (who: string, value: string) => `${who} set it to ${value},`, usedBy: 'asked by', recordOf: 'Record', nobodyYet: 'nobody has touched it',
  outboxEmpty: 'Nothing waits', outboxEmptyHint: 'What calls send goes out at once. What cannot be sent stands here.', outboxStates: { waiting: 'waiting', sending: 'being sent', failed: 'failed', doubt: 'in doubt', sent: 'sent', dropped: 'given up' } as Readonly<Record<string, string>>,
  sendAgain: 'Send again', giveUp: 'Give up', attempts: (count: number) => some(count, 'attempt', 'attempts'), nextTry: 'next try', held: (count: number) => `${some(count, 'item', 'items')} in memory, not on the disk`, showSent: 'Show what was sent too',
  to: 'to', created: 'made', done: 'Done', notDone: (why: string) => `Not done: ${why}`,

  telephone: telephoneEn,
}

export type Words = typeof en
