/** The texts of the telephone. */

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const telephoneEn = {
  name: 'Telephone', dial: 'Dial', again: 'Dial again', dialling: 'Calling …', silence: 'Stay silent', silenceHint: 'says nothing, and skips the waiting', hangUp: 'Hang up',
  keypad: 'Keypad', key: (key: string) => (key === '*' ? 'star' : key === '#' ? 'hash' : key), heard: 'What is heard', soundOn: 'Sound is on', soundOff: 'Sound is off',
  hint: 'A test call: the flow answers as it would answer a caller, and nothing is sent.', keysHint: 'The keys of your keyboard work too.',
  settings: 'Caller, line and time', from: 'Caller', hidden: 'hides the number', usual: 'usual', line: 'Line', at: 'Time', atHint: 'in the time zone of the flow; empty: now', language: 'Language',
  lines: 'Numbers that are rung', asks: 'ask me', answer: 'answer', busy: 'are busy', failed: 'do not answer',
  nothingHeard: 'silence', instead: (why: string) => `nothing is heard: ${why}`, time: (round: number) => `time ${round}`,
  keysWanted: (digits: number) => (digits === 1 ? 'Press a key' : `Enter up to ${digits} digits`), left: (seconds: number) => `${seconds} s left`, pressed: (keys: string) => `pressed: ${keys}`,
  rings: (numbers: string) => `${numbers} rings`, answers: 'Answers', isBusy: 'Busy', noAnswer: 'No answer', talking: 'They are talking', theyHangUp: 'They hang up',
  recording: 'The recording runs. What does the caller do?', speak: (seconds: number) => `Speak ${seconds} s`, say: 'Say nothing',
  inState: (state: string) => `in ${state}`, elsewhere: (flow: string) => `in the flow ${flow}`, oldVersion: (version: string) => `This call goes on with version ${version}, with which it began.`,
  lost: 'The call is gone: the server let it go, or does not answer.', over: 'The call is over', went: (seconds: string) => `It lasted ${seconds} s.`,
  good: 'The carrier could do all that was answered.', warned: (count: number) => `The call was completed, with ${some(count, 'warning', 'warnings')}.`, bad: 'The application failed the call.',
  transcript: 'What happened', you: 'you', press: (keys: string) => `press ${keys}`, lostKeys: (keys: string) => `${keys}: lost, nothing listened yet`, line_: 'line', talked: (seconds: number) => `they talked for ${seconds} s`, recorded: (seconds: number) => `${seconds} s are recorded`,
  wouldSend: (item: string, to: string) => `would send ${item} to ${to}`, sensitive: 'with a value that is not shown', asked: (host: string) => `asks ${host}`, noReply: (why: string) => `no reply: ${why}`, status: (status: number) => `status ${status}`,
  handover: (address: string) => `Another application takes over: ${address}. A test call does not go there.`, broke: (why: string) => `something broke: ${why}`, speaks: (seconds: number) => `speak for ${seconds} s`, hangsUp: 'hang up',
  results: { success: 'answers', busy: 'is busy', failed: 'does not answer' } as Readonly<Record<string, string>>,
  ends: { 'no-next': 'nothing was to follow', hangup: 'the flow hung up', caller: 'the caller hung up', 'empty-reply': 'the answer was empty', breach: 'the carrier could not go on', unanswered: 'nobody answered', limit: 'it went on for too long', abort: 'it was broken off' } as Readonly<Record<string, string>>,
  raw: 'Requests and answers', request: (number: number, what: string) => `Request ${number}: ${what}`, form: 'The carrier asks', body: 'We answer', ms: (ms: number) => `${ms} ms`,
  save: 'Save as a scripted call', saveName: 'What it shows', saveHint: 'From then on an edit that breaks this conversation is refused.', doSave: 'Save', saved: (name: string, file: string) => `“${name}” stands in ${file}.`, script: 'The call as YAML',
  notSaved: 'It was not saved.', replay: (name: string) => `Hear ${name}`, cannotCall: 'No call begins in this flow: others run it. Call one of those.',
}

export const telephoneSv: typeof telephoneEn = {
  name: 'Telefon', dial: 'Ring', again: 'Ring igen', dialling: 'Ringer …', silence: 'Var tyst', silenceHint: 'säger ingenting, och hoppar över väntan', hangUp: 'Lägg på',
  keypad: 'Knappsats', key: key => (key === '*' ? 'stjärna' : key === '#' ? 'fyrkant' : key), heard: 'Det som hörs', soundOn: 'Ljudet är på', soundOff: 'Ljudet är av',
  hint: 'Ett provsamtal: flödet svarar som det skulle svara den som ringer, och ingenting skickas.', keysHint: 'Tangentbordets siffror fungerar också.',
  settings: 'Uppringare, nummer och tid', from: 'Den som ringer', hidden: 'döljer numret', usual: 'som vanligt', line: 'Nummer', at: 'Tid', atHint: 'i flödets tidszon; tomt: nu', language: 'Språk',
  lines: 'Nummer som rings upp', asks: 'fråga mig', answer: 'svarar', busy: 'är upptagna', failed: 'svarar inte',
  nothingHeard: 'tystnad', instead: why => `inget hörs: ${why}`, time: round => `gång ${round}`,
  keysWanted: digits => (digits === 1 ? 'Tryck på en knapp' : `Slå upp till ${digits} siffror`), left: seconds => `${seconds} s kvar`, pressed: keys => `tryckt: ${keys}`,
  rings: numbers => `Det ringer hos ${numbers}`, answers: 'Svarar', isBusy: 'Upptaget', noAnswer: 'Inget svar', talking: 'De talar med varandra', theyHangUp: 'De lägger på',
  recording: 'Inspelningen går. Vad gör den som ringer?', speak: seconds => `Tala ${seconds} s`, say: 'Säg ingenting',
  inState: state => `i ${state}`, elsewhere: flow => `i flödet ${flow}`, oldVersion: version => `Samtalet fortsätter med version ${version}, som det började med.`,
  lost: 'Samtalet är borta: servern släppte det, eller svarar inte.', over: 'Samtalet är slut', went: seconds => `Det varade ${seconds} s.`,
  good: 'Operatören kunde utföra allt som svarades.', warned: count => `Samtalet fullföljdes, med ${some(count, 'varning', 'varningar')}.`, bad: 'Programmet fick samtalet att misslyckas.',
  transcript: 'Det som hände', you: 'du', press: keys => `tryck ${keys}`, lostKeys: keys => `${keys}: gick förlorat, ingen lyssnade än`, line_: 'linjen', talked: seconds => `de talade i ${seconds} s`, recorded: seconds => `${seconds} s är inspelade`,
  wouldSend: (item, to) => `skulle skicka ${item} till ${to}`, sensitive: 'med ett värde som inte visas', asked: host => `frågar ${host}`, noReply: why => `inget svar: ${why}`, status: status => `status ${status}`,
  handover: address => `Ett annat program tar över: ${address}. Ett provsamtal går inte dit.`, broke: why => `något gick sönder: ${why}`, speaks: seconds => `tala i ${seconds} s`, hangsUp: 'lägg på',
  results: { success: 'svarar', busy: 'är upptaget', failed: 'svarar inte' },
  ends: { 'no-next': 'inget skulle följa', hangup: 'flödet lade på', caller: 'den som ringde lade på', 'empty-reply': 'svaret var tomt', breach: 'operatören kunde inte fortsätta', unanswered: 'ingen svarade', limit: 'det höll på för länge', abort: 'det bröts' },
  raw: 'Frågor och svar', request: (number, what) => `Fråga ${number}: ${what}`, form: 'Operatören frågar', body: 'Vi svarar', ms: ms => `${ms} ms`,
  save: 'Spara som skrivet samtal', saveName: 'Vad det visar', saveHint: 'Sedan underkänns varje ändring som förstör detta samtal.', doSave: 'Spara', saved: (name, file) => `”${name}” står i ${file}.`, script: 'Samtalet som YAML',
  notSaved: 'Det sparades inte.', replay: name => `Hör ${name}`, cannotCall: 'Inget samtal börjar i detta flöde: andra kör det. Ring ett av dem.',
}
