/** The editor in the page's colours, which follow light and dark by themselves. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** A wave under a problem, in a colour that is none of the page's variables: an image cannot see those. */
const wave = (colour: string): string => `url('data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="6" height="3"%3E%3Cpath d="m0 2.5 l2 -1.5 l1 0 l2 1.5 l1 0" stroke="%23${colour}" fill="none" stroke-width="1.1"/%3E%3C/svg%3E')`

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: '.8125rem' },
  // above the line numbers, which would hide a side of an outline
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused::after': { content: '""', position: 'absolute', inset: '0', border: '2px solid var(--accent)', pointerEvents: 'none', zIndex: '400' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '.5rem 0', outline: 'none' },
  '.cm-content:focus-visible': { outline: 'none' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft)' },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--quiet)', border: '0' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--line-strong)' },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--warn-soft)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--warn)' },
  '.cm-panels': { backgroundColor: 'var(--ground)', color: 'var(--ink)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: 'var(--s1) 2.5rem var(--s2) var(--s2)', fontFamily: 'var(--font)' },
  '.cm-panel.cm-search :is(input, button, label)': { margin: 'var(--s1) var(--s2) 0 0', fontSize: 'var(--small)', verticalAlign: 'middle' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', minHeight: '2rem' },
  '.cm-panel.cm-search [type=checkbox]': { margin: '0 var(--s1) 0 0' },
  '.cm-panel.cm-search .cm-textfield': { width: '9rem' },
  '.cm-panel.cm-search .cm-button': { paddingInline: 'var(--s2)' },
  '.cm-panel.cm-search [name=close]': { top: 'var(--s2)', right: 'var(--s2)', width: '1.75rem', fontSize: '1.125rem' },
  '.cm-textfield': { backgroundColor: 'var(--paper)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round-small)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--paper)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round-small)' },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round-small)', boxShadow: 'var(--shadow)', maxWidth: 'min(34rem, 92vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '.15rem .5rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { fontStyle: 'normal', fontFamily: 'var(--font)', opacity: '.8' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { padding: '.5rem .75rem', fontFamily: 'var(--font)' },
  // where there is no room beside the list, it would lie on what can be chosen
  '.cm-completionInfo-left-narrow, .cm-completionInfo-right-narrow': { visibility: 'hidden' },
  '.cm-tooltip-hover': { padding: '0' },
  '.cm-diagnostic': { padding: '.4rem .75rem', borderLeftWidth: '3px', fontFamily: 'var(--font)', fontSize: 'var(--small)', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--accent)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)', borderRadius: 'var(--round-small)', padding: '.15rem .5rem', margin: '.3rem .3rem 0 0', font: 'inherit' },
  '.cm-lintRange': { backgroundPosition: 'left bottom', backgroundRepeat: 'repeat-x', paddingBottom: '.2em' },
  '.cm-lintRange-error': { backgroundImage: wave('d33') },
  '.cm-lintRange-warning': { backgroundImage: wave('c80') },
  '.cm-lintRange-info': { backgroundImage: wave('48c') },
  '.cm-lint-marker': { width: '.65rem', height: '.65rem', margin: 'auto' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--bad)', transform: 'rotate(45deg) scale(.85)' },
  '.cm-lint-marker-warning': { content: 'normal', backgroundColor: 'var(--warn)', clipPath: 'polygon(50% 0, 100% 100%, 0 100%)' },
  '.cm-lint-marker-info': { content: 'normal', backgroundColor: 'var(--accent)', borderRadius: '50%' },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--bad)' },
  '.cm-lintPoint-warning::after': { borderBottomColor: 'var(--warn)' },
})

const letters = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.keyword, tags.typeName, tags.labelName, tags.meta], color: 'var(--warn)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--quiet)' },
])

export const theme: Extension = [look, syntaxHighlighting(letters)]
