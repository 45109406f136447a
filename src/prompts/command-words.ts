/** The words of a command: parted by blanks, kept together by quotes. Throws where there is none, or a quote is not closed. */
export function commandWords(command: string): string[] {
  const words = [...command.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? ''))
  if (words.length === 0) throw new Error('there is no program in it')
  if (command.replace(/"[^"]*"|'[^']*'/g, '').match(/["']/) !== null) throw new Error('a quote in it is not closed')
  return words
}
