/** Where one is: `#/flows/menu/telephone?call=…`. */
import { createStore, useStore } from './store.ts'

export interface Route {
  /** The parts of the path: `['flows', 'menu']`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path: path.split('/').filter(part => part !== '').map(part => decoded(part)), query: new URLSearchParams(query) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const route = createStore(readRoute(location.hash))
addEventListener('hashchange', () => route.set(readRoute(location.hash)))

export function useRoute(): Route {
  return useStore(route)
}

/** The address of a place on the page. */
export function linkTo(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams(query).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${asked === '' ? '' : `?${asked}`}`
}

/** Goes there; `replace` leaves no step to go back to. */
export function goTo(address: string, { replace = false } = {}): void {
  if (!replace) {
    location.hash = address
    return
  }
  history.replaceState(null, '', address)
  route.set(readRoute(address))
}
