/** Times as people say them. */
import { useEffect, useState } from 'preact/hooks'
import { useWords } from './words.ts'

const STEPS: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [[60, 'second'], [3600, 'minute'], [86_400, 'hour'], [86_400 * 30, 'day'], [86_400 * 365, 'month'], [Infinity, 'year']]
const SIZE: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, month: 86_400 * 30, year: 86_400 * 365 }

/** “5 minutes ago”, “in 2 hours”. */
export function relative(time: number, now: number, locale: string): string {
  const seconds = (time - now) / 1000
  const unit = STEPS.find(([most]) => Math.abs(seconds) < most)?.[1] ?? 'year'
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / (SIZE[unit] ?? 1)), unit)
}

/** A time, told from now, and exactly to whoever points at it. */
export function Ago({ at }: { readonly at: number | string }) {
  const { locale } = useWords()
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000)
    return () => clearInterval(timer)
  }, [])
  const time = new Date(at)
  return <time dateTime={time.toISOString()} title={time.toLocaleString(locale)}>{relative(time.getTime(), Math.max(now, Date.now() - 20_000), locale)}</time>
}
