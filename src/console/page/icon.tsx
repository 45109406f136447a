/** Signs of the page, and those of the verbs. */
import { SIGNS } from '../../draw/signs.ts'

const OWN: Readonly<Record<string, string>> = {
  settings: 'M8 5.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.500v2M8 12.500v2M1.5 8h2M12.5 8h2M3.4 3.400l1.4 1.400M11.2 11.200l1.4 1.400M3.4 12.600l1.4-1.400M11.2 4.800l1.4-1.4',
  plus: 'M8 3v10M3 8h10', minus: 'M3 8h10', fit: 'M2.5 6V2.500H6M10 2.500h3.500V6M13.5 10v3.500H10M6 13.500H2.500V10',
  start: 'M5 3l8 5-8 5z', stop: 'M4 4h8v8H4z', right: 'M3 8h10M9 4l4 4-4 4', close: 'M4 4l8 8M12 4l-8 8', search: 'M7 2.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.300L14 14',
  good: 'M3 8.500l3.5 3.500L13 4.5', bad: 'M8 2l6.5 11.500h-13zM8 6.500v3.500M8 12h.01',
}

export function Icon({ name, verb }: { readonly name?: string; readonly verb?: string }) {
  const d = verb === undefined ? OWN[name ?? ''] : SIGNS[verb]
  return <svg class={`icon${verb === undefined ? '' : ` verb-${verb}`}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={d ?? ''} /></svg>
}
