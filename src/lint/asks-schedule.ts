/** The states of examples that are about schedules: one asks, and whoever comes outside of the hours hears so. */
export function asksSchedule(name: string): string {
  return `states:
  who:
    route:
      - { when: { schedule: ${name} }, goto: desk }
      - { goto: bye }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
}
