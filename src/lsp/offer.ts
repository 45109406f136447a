import type { CompletionItemKind } from 'vscode-languageserver'

/** One thing that can be typed. */
export interface Offer {
  readonly text: string
  readonly kind: CompletionItemKind
  readonly detail?: string
  readonly documentation?: string
  /** What is written, where it is not the text. */
  readonly written?: string
  /** Lists a group before or behind the others; letters come after it. */
  readonly rank?: number
}
