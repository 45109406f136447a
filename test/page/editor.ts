/** The editor of the page, as tests put the cursor into it and read it. */
import type { Page } from 'playwright-core'

/** Puts the cursor behind a text that stands once in the editor. */
export async function behind(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').focus()
  const found = await page.evaluate(`(() => {
    for (const line of document.querySelectorAll('.cm-line')) {
      let left = line.textContent.indexOf(${JSON.stringify(text)}) + ${text.length}
      if (left < ${text.length}) continue
      const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        if (left <= node.data.length) { getSelection().collapse(node, left); return true }
        left -= node.data.length
      }
    }
    return false
  })()`)
  if (found !== true) throw new Error(`the editor does not hold ${text}`)
  // the editor has seen where the cursor is when it marks the line
  await page.locator('.cm-activeLine', { hasText: text }).waitFor()
}

/** The text in it, with line feeds. */
export const textOf = (page: Page): Promise<string> => page.evaluate("[...document.querySelectorAll('.cm-line')].map(line => line.textContent).join('\\n')")
