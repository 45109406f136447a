/** How carefully a picture is drawn: `fine` takes its time, `plain` less, `rows` next to none. */
export const CARES = ['fine', 'plain', 'rows'] as const

export type Care = typeof CARES[number]
