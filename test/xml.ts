/** A reader of XML, just strict enough to refuse what a real one would: tags that do not match, stray `<` and `&`. */

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const TAG = /^<(\/?)([\w.-]+)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>/

/** The root element. Throws where the text is not well-formed. */
export function readXml(xml: string): Element {
  let rest = xml.replace(/^<\?xml [^?]*\?>\s*/, '').trimEnd()
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  while (rest !== '') {
    const inner = open.at(-1) as Element
    if (!rest.startsWith('<')) {
      const end = rest.indexOf('<')
      inner.text += decode(rest.slice(0, end < 0 ? undefined : end))
      rest = end < 0 ? '' : rest.slice(end)
      continue
    }
    const match = TAG.exec(rest)
    if (match === null) throw new Error(`no tag: ${rest.slice(0, 60)}`)
    const [whole, closing, name = '', attributes = '', empty] = match
    rest = rest.slice(whole.length)
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
      continue
    }
    const element: Element = { name, attributes: readAttributes(attributes), children: [], text: '' }
    inner.children.push(element)
    if (empty !== '/') open.push(element)
  }
  const [root, ...more] = top.children
  if (root === undefined || more.length > 0 || open.length !== 1) throw new Error('one root element is needed, closed')
  return root
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)]))
}

function decode(text: string): string {
  return text.replace(/&(#\d+|\w+)?;?/g, (whole, name: string | undefined) => {
    const character = name?.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name ?? '']
    if (character === undefined || !whole.endsWith(';')) throw new Error(`no such entity: ${whole}`)
    return character
  })
}
