/** The texts of calls and of the numbers of the day. */

export const callsEn = {
  name: 'Calls', none: 'No calls on record', noneHint: 'Calls stand here from their first request on, for as many days as `--keep-calls` says.', noneSuch: 'No call is like that', noneToday: 'Nobody called on this day',
  live: 'in progress', flow: 'Flow', allFlows: 'all', state: 'State', stateHint: 'where it stands, or stood last', end: 'Ended by', anyEnd: 'any end', onlyLive: 'Only calls in progress', more: 'Show earlier ones',
  ends: { end: 'the flow', connected: 'a talk', hangup: 'hung up by the flow', handover: 'another application', caller: 'the caller', error: 'a fault of ours', unknown: 'not reported' } as Readonly<Record<string, string>>,
  started: 'Began', caller: 'Caller', called: 'Line', at: 'At', lasted: 'Lasted', hidden: 'hidden', seconds: (count: number) => (count < 60 ? `${Math.round(count)} s` : `${Math.floor(count / 60)} min ${Math.round(count % 60)} s`),
  missed: (count: number) => `${count} events of calls went by unseen: there were too many.`,
  back: 'All calls of this flow', call: (caller: string) => `Call of ${caller === '' ? 'an unknown number' : caller}`, trace: 'What happened', begins: 'The call begins', waits: 'The call goes on', over: (end: string, seconds: string) => `The call is over after ${seconds}: ${end}`,
  heard: 'heard', nothing: 'nothing is heard', passed: (states: string) => `by way of ${states}`, inFlow: (flow: string) => `in the flow ${flow}`, backIn: (flow: string) => `back in ${flow}`, took: (ms: number) => `answered in ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`, broke: 'something of ours broke; the log says what', holiday: (name: string) => `a public holiday: ${name}`,
  keys: (count: number) => `${count} keys, which are not kept`, wrongKey: (key: string) => `pressed ${key}, which does nothing there`, rang: (numbers: string) => `rings ${numbers}`, last: 'and then the call ends',
  events: { noinput: 'no key', nomatch: 'no key of the menu', silent: 'no key', sorry: 'a wrong key', success: 'answered', failed: 'no answer', busy: 'busy', next: 'it was heard', any: 'any key', '***': 'keys that are not shown', begin: 'calls' } as Readonly<Record<string, string>>,
  pressed: (key: string) => `pressed ${key}`, sends: 'Sent', recordings: 'Recorded', talked: (number: string, seconds: string) => `${number} answered, and they talked for ${seconds}`,
  numbers: 'Numbers', day: 'Day', perHour: 'Calls by the hour', hourOf: (hour: number, calls: number) => `${hour}:00: ${calls}`, endedBy: 'How they ended', menus: 'Menus', asked: 'asked', silence: 'silence', wrong: 'wrong key', deadKeys: 'Keys that do nothing', human: 'Time to a human', humanNone: 'nobody answered', humanOf: (calls: number, seconds: string) => `${seconds} for half of the ${calls} ${calls === 1 ? 'call' : 'calls'} that somebody answered`, going: (count: number) => `${count} in progress`, onPicture: 'The picture shows how many went each way.', zone: (zone: string) => `A day in ${zone}`,
}

export const callsSv: typeof callsEn = {
  name: 'Samtal', none: 'Inga samtal finns kvar', noneHint: 'Samtal står här från första stund, så många dagar som `--keep-calls` säger.', noneSuch: 'Inget samtal är sådant', noneToday: 'Ingen ringde den dagen',
  live: 'pågår', flow: 'Flöde', allFlows: 'alla', state: 'Tillstånd', stateHint: 'där det är, eller var sist', end: 'Slutade genom', anyEnd: 'vilket slut som helst', onlyLive: 'Bara pågående samtal', more: 'Visa tidigare',
  ends: { end: 'flödet', connected: 'ett samtal', hangup: 'flödet lade på', handover: 'ett annat program', caller: 'den som ringde', error: 'ett fel hos oss', unknown: 'inte rapporterat' },
  started: 'Började', caller: 'Uppringare', called: 'Nummer', at: 'Var', lasted: 'Varade', hidden: 'dolt', seconds: count => (count < 60 ? `${Math.round(count)} s` : `${Math.floor(count / 60)} min ${Math.round(count % 60)} s`),
  missed: count => `${count} händelser i samtal gick förbi osedda: de var för många.`,
  back: 'Alla samtal i flödet', call: caller => `Samtal från ${caller === '' ? 'okänt nummer' : caller}`, trace: 'Det som hände', begins: 'Samtalet börjar', waits: 'Samtalet pågår', over: (end, seconds) => `Samtalet är slut efter ${seconds}: ${end}`,
  heard: 'hörde', nothing: 'inget hörs', passed: states => `via ${states}`, inFlow: flow => `i flödet ${flow}`, backIn: flow => `tillbaka i ${flow}`, took: ms => `svar på ${ms < 10 ? ms.toFixed(1).replace('.', ',') : Math.round(ms)} ms`, broke: 'något hos oss gick sönder; loggen säger vad', holiday: name => `helgdag: ${name}`,
  keys: count => `${count} siffror, som inte sparas`, wrongKey: key => `tryckte ${key}, som inte gör något där`, rang: numbers => `ringer ${numbers}`, last: 'och sedan slutar samtalet',
  events: { noinput: 'ingen knapp', nomatch: 'ingen av menyns knappar', silent: 'ingen knapp', sorry: 'fel knapp', success: 'svar', failed: 'inget svar', busy: 'upptaget', next: 'det hördes', any: 'någon knapp', '***': 'siffror som inte visas', begin: 'ringer' },
  pressed: key => `tryckte ${key}`, sends: 'Skickat', recordings: 'Inspelat', talked: (number, seconds) => `${number} svarade, och de talade i ${seconds}`,
  numbers: 'Siffror', day: 'Dag', perHour: 'Samtal per timme', hourOf: (hour, calls) => `${hour}:00: ${calls}`, endedBy: 'Så slutade de', menus: 'Menyer', asked: 'frågade', silence: 'tystnad', wrong: 'fel knapp', deadKeys: 'Knappar som inte gör något', human: 'Tid till en människa', humanNone: 'ingen svarade', humanOf: (calls, seconds) => `${seconds} för hälften av de ${calls} samtal som någon svarade i`, going: count => `${count} pågår`, onPicture: 'Bilden visar hur många som gick var.', zone: zone => `En dag i ${zone}`,
}
