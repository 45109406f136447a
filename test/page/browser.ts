/** A real browser at a real server: Chromium, as a person uses it. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { place, serve } from '../serve/process.ts'
import type { Place, Process } from '../serve/process.ts'
import type { Files } from '../serve/running.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))

/** Why tests of the page are skipped; false where there is a browser. */
export const noBrowser: string | false = CHROMIUM === undefined && 'there is no chromium here (`apt-get install chromium`)'

const QUIET = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run', '--autoplay-policy=no-user-gesture-required']

export interface Screen {
  readonly server: Process
  readonly place: Place
  readonly browser: Browser
  /** A page of its own, with nothing kept from others; at the console's address, unless another is given. */
  open(address?: string, options?: BrowserContextOptions): Promise<Opened>
  close(): Promise<void>
}

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page complained about: errors of its scripts, and whatever its policy blocked. */
  readonly complaints: string[]
  /** Every address that it asked for. */
  readonly asked: string[]
}

/** Starts a server with flows, and a browser. */
export async function openScreen(files: Files, { args = [], env = {}, before }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>>; /** Done before the server starts. */ readonly before?: (place: Place) => Promise<void> } = {}): Promise<Screen> {
  const folder = place(files)
  await before?.(folder)
  const server = await serve(folder, { args, env })
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: QUIET })
  return {
    server, place: folder, browser,
    async open(address = server.admin + '/', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      const asked: string[] = []
      page.on('pageerror', error => complaints.push(error.message))
      page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
      page.on('request', request => asked.push(request.url()))
      await page.goto(address)
      return { page, context, complaints, asked }
    },
    async close() {
      await browser.close()
      await server.end('SIGTERM')
      folder.remove()
    },
  }
}
