/** The few signs of Markdown in which things are explained, as elements: a text never becomes markup. */

export function wordsToDom(words: string): HTMLElement {
  const box = document.createElement('div')
  box.className = 'told'
  for (const block of words.split(/\n{2,}(?=[^`]*(?:```[^`]*```[^`]*)*$)/)) box.append(...blockToDom(block))
  return box
}

function blockToDom(block: string): HTMLElement[] {
  const fenced = /^```\w*\n([^]*?)\n?```$/.exec(block)
  if (fenced !== null) {
    const pre = document.createElement('pre')
    pre.textContent = fenced[1] ?? ''
    return [pre]
  }
  const lines = block.split('\n')
  const items = lines.filter(line => line.startsWith('- '))
  const other = lines.filter(line => !line.startsWith('- '))
  const found: HTMLElement[] = []
  if (other.length > 0) found.push(put(document.createElement('p'), other.join(' ')))
  if (items.length > 0) {
    const list = document.createElement('ul')
    list.append(...items.map(item => put(document.createElement('li'), item.slice(2))))
    found.push(list)
  }
  return found
}

/** `code` and *emphasis*; whatever else stands there stays as it is. */
function put(into: HTMLElement, text: string): HTMLElement {
  for (const [, code, emphasis, plain] of text.matchAll(/`([^`]+)`|\*([^*]+)\*|([^`*]+|[`*])/g)) {
    if (plain !== undefined) into.append(plain)
    else {
      const element = document.createElement(code === undefined ? 'em' : 'code')
      element.textContent = code ?? emphasis ?? ''
      into.append(element)
    }
  }
  return into
}
