/** Where the page begins. */
import { render } from 'preact'
import { PICTURE_COLOURS, PICTURE_RULES } from '../../draw/style.ts'
import { App } from './app.tsx'
import { connect } from './live.ts'
import { readSettings } from './settings.ts'

// made by the script, not written into the document: the policy has no word against it
const rules = new CSSStyleSheet()
rules.replaceSync(`:root { ${PICTURE_COLOURS.light} }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${PICTURE_COLOURS.dark} } }
:root[data-theme=dark] { ${PICTURE_COLOURS.dark} }
${PICTURE_RULES}`)
document.adoptedStyleSheets = [rules]
readSettings()
connect()
render(<App />, document.getElementById('page') as HTMLElement)
