/** What a row of the suite of edits is: a way of changing files, and what must come of it. */

/** Texts of one repeat; all of one length, and different from those of any other. */
export interface Texts {
  readonly base: string
  readonly fresh: string
}

export interface Edit {
  readonly name: string
  /**
   * Bash, run by a process of its own in the folder of flows. `$NEW` and `$BASE` are files with the new text and the
   * old, `$SOUND` and `$OTHER` two sounds, `$OUT` a folder elsewhere, `$ROOT` the one above, `$P` a pause in seconds.
   */
  readonly edit: string
  /** Bash in `$ROOT`, before the server starts: the row has a server of its own. */
  readonly layout?: string
  /** The folder that is served, below `$ROOT`. */
  readonly folder?: string
  /** Bash that makes the last, plain edit with `$NEW`; else a temporary file and a rename. */
  readonly further?: string
  /** Files beside menu.yaml, before the edit. */
  readonly beside?: (texts: Texts) => Readonly<Record<string, string>>
  /** Another text to begin with, or to end with. */
  readonly base?: (base: string) => string
  readonly fresh?: (fresh: string) => string
  /** The flows that must be live at the end, by name: undefined where none; left out: menu with the new text. `same`: nothing changes. */
  readonly ends?: 'same' | ((texts: Texts) => Readonly<Record<string, string | undefined>>)
  /** Sets that may be live on the way, as flows by name, besides the first and the last. */
  readonly between?: (texts: Texts) => readonly Readonly<Record<string, string | undefined>>[]
  /** How often flows may be swapped, at least and at most; else once, or never. */
  readonly swaps?: readonly [least: number, most: number]
  /** A problem that must be told. */
  readonly told?: string
  /** A program without which the row cannot be. */
  readonly needs?: string
  /** What Node runs first in the row's own server, from test/reload. */
  readonly preload?: string
  /** Left out of the quick form. */
  readonly full?: true
}

/** A flow of which no part that ends before its last state passes the check. */
export function flowText(title: string): string {
  return `title: ${title} å
start: menu
states:
  menu: { ivr: sound.wav, on: { 1: news, 2: desk, noinput: desk, nomatch: desk } }
  news: { play: sound.wav, skippable: false, next: menu }
  desk: { connect: "+46701740699", on: { failed: bye } }
  bye: { play: sound.wav, next: end }
# Whoever cuts the file off here or below is not seen by any check of what is written:
# only the text that was there before tells.
`
}
