/** What a new flow begins as: it can be called as it stands, and needs nothing that is not there. */

/** `language`: a code such as `sv`. `words`: what is said. */
export function starter(name: string, language: string, words: { readonly menu: string; readonly trouble: string }): string {
  return `title: ${name}
start: menu
# numbers: ["+46846500400"]     # your lines at the carrier: each is answered by the flow that lists it
language: ${language}

states:
  menu: { ivr: menu, on: { 1: desk, noinput: desk, nomatch: desk } }
  desk: { connect: "+46846500401", on: { failed: trouble } }     # your own number
  trouble: { play: trouble, next: end }

# spoken until there is a file: menu: { file: menu.mp3, text: … }
prompts:
  menu: { text: "${words.menu}" }
  trouble: { text: "${words.trouble}" }
`
}
