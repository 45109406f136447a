/** Texterna på svenska. */
import type { Words } from './en.ts'
import { callsSv } from './calls.ts'
import { telephoneSv } from './telephone.ts'

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const sv: Words = {
  locale: 'sv-SE',
  skip: 'Till innehållet',
  nav: 'Delar', flows: 'Flöden', problems: 'Problem', switches: 'Omkopplare', outbox: 'Utkorg',
  settings: 'Inställningar', theme: 'Färger', themes: { auto: 'Som systemet', light: 'Ljusa', dark: 'Mörka' }, language: 'Språk', logout: 'Logga ut',
  line: { open: 'direkt', connecting: 'ansluter …', lost: 'ingen förbindelse: det du ser kan vara gammalt' },
  loading: 'Laddar …', retry: 'Försök igen', close: 'Stäng', notFound: 'Den sidan finns inte.', home: 'Till flödena',
  failed: 'Det här kan inte visas',
  reloadFailed: why => `Flödena kunde inte läsas: ${why}`,
  pending: 'Filerna läses …',

  noFlows: 'Inget flöde ännu', noFlowsHint: 'Ett flöde är en YAML-fil i mappen som servern bevakar. ”Nytt flöde” börjar på ett här, `tonval init` på en hel mapp.',
  state: { live: 'i drift', refused: 'underkänt', waiting: 'väntar' },
  stateHint: { live: 'svarar på samtal', refused: 'filen har fel; den senaste felfria versionen svarar', waiting: 'filen har fel, och ingen version svarar' },
  version: 'Version', since: 'Togs i drift', lines: 'Nummer', callsNow: 'Samtal nu', noLine: 'körs av andra', noLines: 'inget nummer angivet',
  ofProblems: count => `${count} problem`, noProblems: 'inga problem',
  ofStates: count => some(count, 'tillstånd', 'tillstånd'), ofCalls: count => `${count} samtal`,
  ofFlows: count => some(count, 'flöde', 'flöden'),
  wentLive: 'Togs i drift', nothingChanges: 'inget ändras för den som ringer', andMore: count => `och ${count} till`,

  picture: 'Bild', drawing: 'Ritas …', pictureOf: title => `Bild av ${title}`, pictureHelp: 'Piltangenterna går mellan tillstånd, plus och minus zoomar, 0 visar allt.',
  noPicture: 'Ingen bild: ingen version av flödet är i drift.', zoomIn: 'Zooma in', zoomOut: 'Zooma ut', fit: 'Visa allt', search: 'Sök tillstånd', found: (at, of) => (of === 0 ? 'inget' : `${at} av ${of}`),
  oldVersion: version => `Version ${version}`, gone: 'finns inte längre', drawnInside: flow => `Flödet ${flow}, som det körs här`, backTo: flow => `Tillbaka till ${flow}`, showLive: 'Visa den i drift',
  noState: 'Inget tillstånd är valt', noStateHint: 'Klicka på ett i bilden, eller sök efter det.',
  about: 'Om', aboutState: 'Tillstånd', hears: 'Det den som ringer hör', hearsNothing: 'ingenting', leadsTo: 'Leder till', comesFrom: 'Kommer från', endsCall: 'samtalet slutar', takesOver: 'ett annat program tar över',
  shared: 'för filens alla tillstånd', begins: 'här börjar samtal', runs: 'Kör', everywhere: 'Överallt ifrån', after: seconds => `efter ${seconds} sekunder`, onError: 'när något går sönder',
  play: name => `Spela ${name}`, pause: name => `Stoppa ${name}`, notPlayable: 'görs för varje samtal', dialIt: 'ring för att höra det', inLanguage: language => `på ${language}`,
  nowhere: 'ingenstans', callsByVersion: 'Pågående samtal', ended: 'Samtalet slutar',
  roles: { prompt: 'meddelande', again: 'när det redan hörts', sorry: 'efter fel knapp', silent: 'efter tystnad', between: 'mellan nummer' },
  verbs: {
    ivr: 'frågar efter knappar', play: 'spelar upp', connect: 'ringer', record: 'spelar in', hangup: 'lägger på', route: 'väljer väg', set: 'sparar värden', lookup: 'slår upp', fetch: 'frågar en tjänst', send: 'skickar', flow: 'kör ett flöde', exit: 'går tillbaka',
  },

  showState: state => `Visa ${state} i bilden`, marks: { error: count => `${count} fel`, warning: count => some(count, 'varning', 'varningar') },
  severities: { error: 'fel', warning: 'varning', info: 'upplysning' }, lineNumber: line => `rad ${line}`, allClean: 'Inget är fel', allCleanHint: 'Alla flöden går igenom kontrollen utan ett ord.', lintWords: 'Vad som är fel, och vad man gör åt det, sägs på engelska, ordagrant som av `tonval lint`.', otherFiles: 'Andra filer',
  noSwitches: 'Inga omkopplare', noSwitchesHint: 'Ett flöde anger dem under `switches:`.', stands: 'står på', usualAt: value => `annars ${value}`, goesBack: value => `går tillbaka till ${value}`, asDeclared: time => `${time}, som flödet säger`, forHow: 'Hur länge', forever: 'tills någon ändrar',
  durations: { '30m': '30 minuter', '1h': '1 timme', '2h': '2 timmar', '4h': '4 timmar', '8h': '8 timmar', '24h': '24 timmar', '7d': '7 dagar' },
  by: 'Ditt namn', byHint: 'skrivs upp', flippedBy: (who, value) => `${who} ställde den på ${value},`, usedBy: 'används av', recordOf: 'Historik', nobodyYet: 'ingen har rört den',
  outboxEmpty: 'Inget väntar', outboxEmptyHint: 'Det som samtal skickar går iväg direkt. Det som inte kan skickas står här.', outboxStates: { waiting: 'väntar', sending: 'skickas', failed: 'misslyckat', doubt: 'ovisst', sent: 'skickat', dropped: 'uppgivet' },
  sendAgain: 'Skicka igen', sendNow: 'Försök nu', doubtHint: 'Det kan ha kommit fram: skickas det igen kan det komma två gånger.', kinds: { sms: 'SMS', email: 'E-post', call: 'Samtal', post: 'POST' }, giveUp: 'Ge upp', attempts: count => (count === 0 ? 'inte försökt' : `${count} försök`), nextTry: 'nästa försök', held: count => `${count} i minnet, inte på disken`, showSent: 'Visa även det som skickats',
  recordings: 'Inspelningar', noRecordings: 'Inga inspelningar', noRecordingsHint: 'Vad som spelas in hämtas från operatören och sparas här.', recordingStates: { coming: 'hos operatören', here: 'här', lost: 'förlorad' },
  fetchAgain: 'Hämta igen', download: 'Ladda ner', wholeCall: 'hela samtalet', theCall: 'samtalet',
  to: 'till', created: 'skapat', done: 'Klart', notDone: why => `Inte gjort: ${why}`,

  edit: 'Redigera', save: 'Spara', saving: 'Sparar …', unsaved: 'Inte sparat', asSaved: 'Som i filen', fileGone: 'Filen finns inte: att spara skapar den', newFile: 'Ett nytt flöde: att spara skapar filen',
  savedLive: (version, seconds) => `I drift som version ${version} efter ${seconds} s. Samtal som redan pågår behåller sin version.`, savedRefused: 'Underkänt: inget skrevs.', savedFailed: why => `Inte sparat: ${why}`,
  editorLabel: file => `Texten i ${file}`, editorHint: 'Escape och sedan tabb lämnar redigeraren. Kontroll och mellanslag föreslår vad som kan stå här.', editHint: 'Esc och sedan Tabb lämnar redigeraren · Ctrl+Mellanslag föreslår · Ctrl+S sparar',
  checking: 'Kontrolleras …', notChecked: why => `Inte kontrollerat: ${why}`, changes: 'Det som ändras för den som ringer', ofChanges: count => some(count, 'ändring', 'ändringar'), noChanges: 'Inget ändras för den som ringer.', changesUnknown: 'Visas när texten kan läsas som ett flöde.', changesSince: 'Mot den version som svarar nu.',
  reallySave: 'Spara det här?', writeOn: 'Skriv vidare', drawnBefore: 'Bilden visar texten som den senast kunde läsas.',
  fileChanged: 'Filen ändrades på disken medan du skrev.', fileDeleted: 'Filen togs bort medan du skrev.', takeTheirs: 'Ta filen, släng min text', keepMine: 'Behåll min text', theirsToMine: 'Från filen till din text', sameText: 'Texterna är lika.', linesSame: count => some(count, 'lika rad', 'lika rader'),
  fixChange: (old, now) => (old === '' ? `Infoga ${now}` : now === '' ? `Ta bort ${old}` : `Ändra ${old} till ${now}`), goToLine: line => `Gå till rad ${line}`,
  phrases: {
    'Find': 'Sök', 'Replace': 'Ersätt', 'next': 'nästa', 'previous': 'förra', 'all': 'alla', 'match case': 'skilj på versaler', 'by word': 'hela ord', 'replace': 'ersätt', 'replace all': 'ersätt alla', 'close': 'stäng', 'regexp': 'reguljärt uttryck', 'Go to line': 'Gå till rad', 'go': 'gå', 'Completions': 'Förslag', 'Diagnostics': 'Problem', 'No diagnostics': 'Inga problem',
  },
  newFlow: 'Nytt flöde', newFlowName: 'Namn', newFlowNameHint: 'Små bokstäver, siffror, - och _; det blir filens namn och står i adressen.', newFlowTaken: name => `Det finns redan ett flöde ${name}.`, newFlowBadName: 'Ett namn börjar med en liten bokstav och har bara små bokstäver, siffror, - och _.', begin: 'Börja', discard: 'Kasta', starterText: { menu: 'Tack för att du ringer. För att bli kopplad, tryck 1.', trouble: 'Vi kan inte svara just nu. Ring gärna igen senare.' },
  history: 'Historik', versionNow: 'i drift', storedAt: 'sparad', liveFrom: 'först i drift', liveUntil: 'senast i drift', showPicture: 'Visa bilden', compareWords: 'Det som ändrades för den som ringer', toLive: 'Från den här versionen till den i drift', fromBefore: 'Mot versionen innan', textDiff: 'Text', rollBack: 'Lägg tillbaka versionen', reallyRollBack: version => `Lägga tillbaka version ${version}?`, rollBackHint: 'Dess text, flödena som den kör, dess ljud, listor och tabeller skrivs till mappen. Pågående samtal behåller sin version.', rollBackAnyway: 'Gör det ändå (en kopia sparas)', rolledBack: version => `Version ${version} är i drift igen.`, noVersions: 'Ingen version ännu', noVersionsHint: 'En version sparas varje gång flödet tas i drift.', cancel: 'Avbryt', oldest: 'Det här är den äldsta version som finns kvar.',
  telephone: telephoneSv,
  calls: callsSv,
}
