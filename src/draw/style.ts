/** How a picture looks: rules that name colours by what they stand for, and the colours of a picture that stands alone. */

/** Verbs that have a colour of their own. */
export const TONED = ['ivr', 'play', 'connect', 'record', 'hangup', 'route', 'set', 'lookup', 'fetch', 'send', 'flow', 'exit', 'handover'] as const

/** Rules for pictures in a page, which gives the colours as `--picture-…`. */
export const PICTURE_RULES = `
.picture { font-family: system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
.picture text { fill: var(--picture-ink); }
.picture .card { fill: var(--picture-card); stroke: var(--picture-border); stroke-width: 1; }
.picture .sign { fill: none; stroke: var(--tone); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.picture .verb-ivr .sign { stroke-width: 2.6; }
.picture .tint { fill: var(--tone); opacity: .14; }
.picture .name { font-size: 13px; font-weight: 600; }
.picture .line { font-size: 11px; fill: var(--picture-quiet); }
.picture .start .card { stroke: var(--picture-ink); stroke-width: 2; }
.picture .stop, .picture .end circle { fill: var(--picture-quiet); }
.picture .anywhere { --tone: var(--picture-quiet); }
.picture .anywhere .card { stroke-dasharray: 3 3; fill: none; }
.picture .address .card { stroke-dasharray: 5 3; }
.picture .way { fill: none; stroke: var(--picture-way); stroke-width: 1.5; }
.picture .head { fill: var(--picture-way); }
.picture .quiet .way { stroke: var(--picture-faint); }
.picture .quiet .head { fill: var(--picture-faint); }
.picture .label { font-size: 11px; text-anchor: middle; fill: var(--picture-quiet); }
.picture .key .label { font-weight: 600; fill: var(--picture-ink); }
.picture .back { fill: var(--picture-paper); opacity: .86; }
.picture .count { font-size: 10px; font-weight: 600; fill: var(--picture-count); }
${TONED.map(verb => `.verb-${verb} { --tone: var(--picture-${verb}); }`).join('\n')}
`

const LIGHT = {
  paper: '#ffffff', card: '#ffffff', border: '#c9d0d9', ink: '#17202c', quiet: '#55606e', way: '#7b8694', faint: '#b4bcc7', count: '#8a4b00',
  ivr: '#1d5fd1', play: '#0b7285', connect: '#1f7a33', record: '#b3206a', hangup: '#5b6673', route: '#a35200', set: '#6b46c1', lookup: '#6b46c1', fetch: '#4650c8', send: '#b4431a', flow: '#8430b8', exit: '#5b6673', handover: '#5b6673',
}
const DARK: typeof LIGHT = {
  paper: '#12161c', card: '#1c222b', border: '#3a4452', ink: '#e8edf3', quiet: '#a3afbd', way: '#8592a2', faint: '#4d5866', count: '#f0b45c',
  ivr: '#7fb0ff', play: '#5cc8d8', connect: '#74cf86', record: '#f48abb', hangup: '#a7b2bf', route: '#f2ab5c', set: '#b9a0f5', lookup: '#b9a0f5', fetch: '#a2abff', send: '#f79a72', flow: '#d59bf5', exit: '#a7b2bf', handover: '#a7b2bf',
}

function declared(colours: typeof LIGHT): string {
  return Object.entries(colours).map(([name, colour]) => `--picture-${name}: ${colour};`).join(' ')
}

/** The colours as declarations, in light and in dark. */
export const PICTURE_COLOURS = { light: declared(LIGHT), dark: declared(DARK) }

/** The style that a picture by itself carries. */
export const OWN_STYLE = `.picture { ${PICTURE_COLOURS.light} }
@media (prefers-color-scheme: dark) { .picture { ${PICTURE_COLOURS.dark} } }
.picture .paper { fill: var(--picture-paper); }
${PICTURE_RULES}`
