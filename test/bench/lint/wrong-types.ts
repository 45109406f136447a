/** Values of another kind than the place has. */
import type { Base } from './base.ts'
import { moved } from './mutation.ts'
import type { Made, Mutation } from './mutation.ts'
import { INTEGERS } from './words.ts'

/** Values of the wrong kind, out of their range, or with a letter where a digit belongs. */
export function wrongTypes({ sites }: Base): Made[] {
  return sites.flatMap(({ key, node, keyPart, valuePart }): Made[] => {
    const say = (text: string, codes: readonly string[], what: string): Mutation => {
      const edit = { span: node.span, text }
      const value = moved(node.span, edit)
      return { kind: 'wrong type', what: `${what} for \`${key?.text ?? 'an item'}\``, edit, codes, at: [{ span: value }, ...(key === undefined ? [] : [{ span: key.span }])] }
    }
    if (node.kind !== 'scalar') {
      return keyPart === 'state name' ? [say('yes', ['wrong-type'], 'a word'), say('[a, b]', ['wrong-type'], 'a list')] : keyPart === 'option' && key?.text === 'on' ? [say('[end]', ['wrong-type'], 'a list'), say('end', ['wrong-type'], 'a word')] : []
    }
    switch (valuePart) {
      case 'integer': return [
        say('ten', ['wrong-type'], 'a word'), say(`${node.text}s`, ['wrong-type'], 'a unit'), say(`[${node.text}]`, ['wrong-type'], 'a list'),
        // an arrival may be counted to any number
        ...(key?.text === 'times' ? [] : [say(String((INTEGERS[key?.text ?? ''] as number) + 70), ['out-of-range'], 'too much')]), say(`${node.text}.5`, ['out-of-range', 'wrong-type'], 'a fraction'),
      ]
      case 'choice': return node.text === 'true' || node.text === 'false' ? [say('yes', ['wrong-type', 'bad-value'], 'yes'), say('[true]', ['wrong-type'], 'a list')] : [say('{ a: b }', ['wrong-type'], 'a map')]
      case 'target': return [say('[end]', ['wrong-type'], 'a list'), say('5', ['unknown-target', 'wrong-type'], 'a number')]
      case 'start': return [say('[end]', ['wrong-type'], 'a list')]
      case 'prompt': return [say('5', ['unknown-prompt', 'wrong-type'], 'a number')]
      case 'number': return /^\+/.test(node.text) ? [
        say(`"${node.text.slice(1)}"`, ['bad-number'], 'no plus sign'), say(`"${node.text.slice(0, -1)}O"`, ['bad-number'], 'a letter'), say('{ to: 5 }', ['wrong-type', 'no-verb', 'unknown-field'], 'a map'),
      ] : []
      case 'caller': return /^\+/.test(node.text) ? [say('"4670"', ['bad-number'], 'no plus sign')] : []
      case 'text': return key?.text === 'title' ? [say('[a, b]', ['wrong-type'], 'a list'), say('{ a: b }', ['wrong-type'], 'a map')] : []
      case 'regex': return [say('"(1[0-9]"', ['bad-regex'], 'an open parenthesis')]
      case 'timezone': return [say('[Europe/Stockholm]', ['wrong-type'], 'a list')]
      default: return []
    }
  })
}
