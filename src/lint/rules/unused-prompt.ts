import type { Rule } from '../rule.ts'

export const unusedPrompt: Rule = {
  name: 'unused-prompt',
  severity: 'info',
  why: 'A prompt that no state plays is recorded and corrected in vain.',
  valid: `
start: bye
prompts:
  bye: { file: bye.mp3 }
states:
  bye: { play: bye, next: end }
`,
  invalid: `
start: bye
prompts:
  bye: { file: bye.mp3 }
  thanks: { file: thanks.mp3 }
states:
  bye: { play: bye, next: end }
`,
  check({ data, outside, tell }) {
    for (const name of Object.keys(data.prompts ?? {})) {
      if (name === 'note' || outside.promptsUsed.has(name)) continue
      tell(['prompts', name], { message: `no state plays the prompt \`${name}\``, help: 'play it, or delete it' }, 'key')
    }
  },
}
