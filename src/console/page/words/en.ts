/** The texts in English: what they are called is the same in every language. */

import { callsEn } from './calls.ts'
import { telephoneEn } from './telephone.ts'

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const en = {
  locale: 'en-GB',
  skip: 'Skip to the content',
  nav: 'Parts', flows: 'Flows', problems: 'Problems', switches: 'Switches', outbox: 'Outbox',
  settings: 'Settings', theme: 'Colours', themes: { auto: 'As the system', light: 'Light', dark: 'Dark' }, language: 'Language', logout: 'Log out',
  line: { open: 'live', connecting: 'connecting …', lost: 'no connection: what you see may be old' },
  loading: 'Loading …', retry: 'Try again', close: 'Close', notFound: 'There is no such page.', home: 'To the flows',
  failed: 'This cannot be shown',
  reloadFailed: (why: string) => `The flows could not be read: ${why}`,
  pending: 'The files are being read …',

  noFlows: 'No flow yet', noFlowsHint: 'A flow is a YAML file in the folder that this server watches. “New flow” begins one here, `tonval init` a whole folder.',
  state: { live: 'live', refused: 'refused', waiting: 'waiting' },
  stateHint: { live: 'answers calls', refused: 'the file has errors; the last good version answers', waiting: 'the file has errors, and no version answers' },
  version: 'Version', since: 'Went live', lines: 'Lines', callsNow: 'Calls now', noLine: 'run by others', noLines: 'no line listed',
  ofProblems: (count: number) => some(count, 'problem', 'problems'), noProblems: 'no problems',
  ofStates: (count: number) => some(count, 'state', 'states'), ofCalls: (count: number) => some(count, 'call', 'calls'),
  ofFlows: (count: number) => some(count, 'flow', 'flows'),
  wentLive: 'Went live', nothingChanges: 'nothing changes for callers', andMore: (count: number) => `and ${count} more`,

  picture: 'Picture', drawing: 'Being drawn …', pictureOf: (title: string) => `Picture of ${title}`, pictureHelp: 'Arrow keys move between states, plus and minus zoom, 0 shows all of it.',
  noPicture: 'No picture: no version of this flow is live.', zoomIn: 'Zoom in', zoomOut: 'Zoom out', fit: 'Show all', search: 'Find a state', found: (at: number, of: number) => (of === 0 ? 'none' : `${at} of ${of}`),
  oldVersion: (version: string) => `Version ${version}`, gone: 'no longer there', drawnInside: (flow: string) => `The flow ${flow}, as it is run here`, backTo: (flow: string) => `Back to ${flow}`, showLive: 'Show what is live',
  noState: 'No state is chosen', noStateHint: 'Click one in the picture, or search for it.',
  about: 'About', aboutState: 'State', hears: 'What the caller hears', hearsNothing: 'nothing', leadsTo: 'Leads to', comesFrom: 'Comes from', endsCall: 'the call ends', takesOver: 'another application takes over',
  shared: 'for all states of the file', begins: 'calls begin here', runs: 'Runs', everywhere: 'From everywhere', after: (seconds: number) => `after ${seconds} seconds`, onError: 'when something breaks',
  play: (name: string) => `Play ${name}`, pause: (name: string) => `Stop ${name}`, notPlayable: 'made for each call', dialIt: 'dial to hear it', inLanguage: (language: string) => `in ${language}`,
  nowhere: 'nowhere', callsByVersion: 'Calls in progress', ended: 'The call ends',
  roles: { prompt: 'prompt', again: 'when heard before', sorry: 'after a wrong key', silent: 'after silence', between: 'between numbers' } as Readonly<Record<string, string>>,
  verbs: {
    ivr: 'asks for keys', play: 'plays', connect: 'rings', record: 'records', hangup: 'hangs up', route: 'chooses a way', set: 'keeps values', lookup: 'looks up', fetch: 'asks a service', send: 'sends', flow: 'runs a flow', exit: 'comes back',
  } as Readonly<Record<string, string>>,

  showState: (state: string) => `Show ${state} in the picture`, marks: { error: (count: number) => some(count, 'error', 'errors'), warning: (count: number) => some(count, 'warning', 'warnings') },
  severities: { error: 'error', warning: 'warning', info: 'info' }, lineNumber: (line: number) => `line ${line}`, allClean: 'Nothing is wrong', allCleanHint: 'Every flow passes lint without a word.', lintWords: '', otherFiles: 'Other files',
  noSwitches: 'No switches', noSwitchesHint: 'A flow declares them under `switches:`.', stands: 'stands at', usualAt: (value: string) => `usually ${value}`, goesBack: (value: string) => `goes back to ${value}`, asDeclared: (time: string) => `${time}, as the flow says`, forHow: 'For', forever: 'until somebody changes it',
  durations: { '30m': '30 minutes', '1h': '1 hour', '2h': '2 hours', '4h': '4 hours', '8h': '8 hours', '24h': '24 hours', '7d': '7 days' } as Readonly<Record<string, string>>,
  by: 'Your name', byHint: 'stands on record', flippedBy: (who: string, value: string) => `${who} set it to ${value},`, usedBy: 'used by', recordOf: 'Record', nobodyYet: 'nobody has touched it',
  outboxEmpty: 'Nothing waits', outboxEmptyHint: 'What calls send goes out at once. What cannot be sent stands here.', outboxStates: { waiting: 'waiting', sending: 'being sent', failed: 'failed', doubt: 'in doubt', sent: 'sent', dropped: 'given up' } as Readonly<Record<string, string>>,
  sendAgain: 'Send again', sendNow: 'Try now', doubtHint: 'It may have arrived: sent again, it may arrive twice.', kinds: { sms: 'SMS', email: 'E-mail', call: 'Call', post: 'POST' } as Readonly<Record<string, string>>, giveUp: 'Give up', attempts: (count: number) => (count === 0 ? 'not tried' : some(count, 'attempt', 'attempts')), nextTry: 'next try', held: (count: number) => `${some(count, 'item', 'items')} in memory, not on the disk`, showSent: 'Show what was sent too',
  recordings: 'Recordings', noRecordings: 'No recordings', noRecordingsHint: 'What callers record is fetched from the carrier and kept here.', recordingStates: { coming: 'with the carrier', here: 'here', lost: 'lost' } as Readonly<Record<string, string>>,
  fetchAgain: 'Fetch again', download: 'Download', wholeCall: 'the whole call', theCall: 'the call',
  to: 'to', created: 'made', done: 'Done', notDone: (why: string) => `Not done: ${why}`,

  edit: 'Edit', save: 'Save', saving: 'Saving …', unsaved: 'Not saved', asSaved: 'As in the file', fileGone: 'There is no file: saving makes one', newFile: 'A new flow: saving makes its file',
  savedLive: (version: string, seconds: string) => `Live as version ${version} after ${seconds} s. Calls begun before keep the version that they have.`, savedRefused: 'Refused: nothing was written.', savedFailed: (why: string) => `Not saved: ${why}`,
  editorLabel: (file: string) => `Text of ${file}`, editorHint: 'Escape and then the tabulator leaves the editor. Control and space offers what can stand here.', editHint: 'Esc, then Tab leaves the editor · Ctrl+Space offers · Ctrl+S saves',
  checking: 'Being checked …', notChecked: (why: string) => `Not checked: ${why}`, changes: 'What changes for callers', ofChanges: (count: number) => some(count, 'change', 'changes'), noChanges: 'Nothing changes for callers.', changesUnknown: 'Known once the text can be read as a flow.', changesSince: 'Against the version that answers now.',
  reallySave: 'Save this?', writeOn: 'Write on', drawnBefore: 'The picture shows the text as it last could be read.',
  fileChanged: 'The file was changed on the disk while you were writing.', fileDeleted: 'The file was deleted while you were writing.', takeTheirs: 'Take the file, drop my text', keepMine: 'Keep my text', theirsToMine: 'From the file to your text', sameText: 'The texts are the same.', linesSame: (count: number) => some(count, 'line', 'lines') + ' the same',
  fixChange: (old: string, now: string) => (old === '' ? `Insert ${now}` : now === '' ? `Delete ${old}` : `Change ${old} to ${now}`), goToLine: (line: number) => `Go to line ${line}`,
  phrases: {} as Readonly<Record<string, string>>,
  newFlow: 'New flow', newFlowName: 'Name', newFlowNameHint: 'Small letters, digits, - and _; it names the file and stands in the address.', newFlowTaken: (name: string) => `There is a flow ${name} already.`, newFlowBadName: 'A name begins with a small letter, and has small letters, digits, - and _ only.', begin: 'Begin', discard: 'Throw it away', starterText: { menu: 'Thank you for calling. To be connected, press 1.', trouble: 'We cannot answer right now. Please call again later.' },
  history: 'History', versionNow: 'live', storedAt: 'stored', liveFrom: 'first live', liveUntil: 'last live', showPicture: 'Show its picture', compareWords: 'What changed for callers', toLive: 'From this version to the live one', fromBefore: 'Against the version before', textDiff: 'Text', rollBack: 'Put this version back', reallyRollBack: (version: string) => `Put version ${version} back?`, rollBackHint: 'Its text, the flows that it runs, its sounds, lists and tables are written into the folder. Calls in progress keep the version that they have.', rollBackAnyway: 'Do it anyway (a copy is kept)', rolledBack: (version: string) => `Version ${version} is live again.`, noVersions: 'No version yet', noVersionsHint: 'A version is kept each time the flow goes live.', cancel: 'Cancel', oldest: 'This is the oldest version that is kept.',
  telephone: telephoneEn,
  calls: callsEn,
}

export type Words = typeof en
