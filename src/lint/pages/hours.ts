/** What cannot be a schedule. */
import { asksSchedule } from '../asks-schedule.ts'
import type { Page } from '../rule.ts'

const OFFICE = `
start: who
timezone: Europe/Stockholm
schedules:
  office:
    open: { mon-fri: "08:00-12:00, 13:00-17:00" }
    except: { 2099-12-23: 08:00-12:00 }
${asksSchedule('office')}`

export const HOURS_PAGES: readonly Page[] = [
  {
    name: 'unknown-schedule', severity: 'error', why: 'Nobody could say whether it is open.',
    valid: OFFICE, invalid: OFFICE.replace('schedule: office', 'schedule: ofice'),
  },
  {
    name: 'overlapping-hours', severity: 'error', why: 'Hours that overlap are a slip of the pen, and nobody knows which of the times was meant.',
    valid: OFFICE, invalid: OFFICE.replace('13:00', '11:00'),
  },
  {
    name: 'never-open', severity: 'error', why: 'Hours without a minute in them leave every caller with a closed door.',
    valid: OFFICE, invalid: OFFICE.replace('08:00-12:00, 13:00-17:00', '08:00-08:00'),
  },
  {
    name: 'impossible-date', severity: 'error', why: 'A date that no calendar has never comes: the exception would never hold.',
    valid: OFFICE, invalid: OFFICE.replace('2099-12-23', '2099-02-30'),
  },
]
