import { addBehind, valueAt } from '../written.ts'
import { saidBy } from '../said.ts'
import type { Rule } from '../rule.ts'

const SENSITIVE_NAME = /(^|[_-])(pin|pin-?code|pinkod|passcode|password|cvc|cvv|card-?number|kortnummer|personnummer|ssn|fodselsnummer|henkilotunnus)($|[_-])/i
const SENSITIVE_TEXT = /(?<!\p{L})(pin[ -]?(?:code|kod|koodi)?|personnummer|fødselsnummer|henkilötunnus|social security number|card number|kortnummer|kortin numero|kartennummer)(?!\p{L})/iu

export const sensitiveLogged: Rule = {
  name: 'sensitive-logged',
  severity: 'warning',
  why: 'What a caller enters stands in logs and on the console, unless the state says that it must not.',
  valid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 4, save: pin, sensitive: true, next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "sip:{{pin | default: \\"0\\"}}@pbx.example.com", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 4, save: pin, next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "sip:{{pin | default: \\"0\\"}}@pbx.example.com", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tree, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr' || state.save === undefined || state.sensitive) continue
      const name = flow.values[state.save] ?? ''
      const asked = saidBy(state.action, data).map(({ text }) => SENSITIVE_TEXT.exec(text)?.[0]).find(one => one !== undefined)
      if (!SENSITIVE_NAME.test(name) && asked === undefined) continue
      if (valueAt(data, [...state.path, 'sensitive']) !== undefined) continue
      const fix = addBehind(tree, [...state.path, 'save'], 'sensitive: true', false)
      tell([...state.path, 'save'], {
        message: `\`${name}\` ${asked === undefined ? 'sounds like a secret' : `is asked for as "${asked}"`}, and \`${state.name}\` is not \`sensitive\``,
        effect: 'the digits would stand in logs and on the console', help: 'write `sensitive: true`', ...(fix === undefined ? {} : { fix }),
      })
    }
  },
}
