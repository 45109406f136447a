/** A flow with as many states as wanted, of all verbs in turn, that lint finds nothing in. */

/** Its states lead from one to the next; every tenth is a menu that leads on and to a desk. */
export function generatedFlow(states: number): string {
  const lines = ['title: Generated', 'start: s-0', 'numbers: ["+46846500400"]', 'language: en', 'timezone: Europe/Stockholm', 'vars:', '  desk: "+46846500411"', 'states:']
  const count = states - 3
  for (let i = 0; i < count; i++) {
    const next = i + 1 < count ? `s-${i + 1}` : 'thanks'
    switch (i % 10) {
      case 0:
        lines.push(`  s-${i}:`, `    ivr: menu-${i}`, '    timeout: 8', '    repeat: 2', '    sorry: sorry', '    on:', `      1: ${next}`, '      2: desk', '      noinput: desk', '      nomatch: desk')
        break
      case 1: case 4: case 8: lines.push(`  s-${i}: { play: news.mp3, skippable: false, next: ${next} }`); break
      case 2: lines.push(`  s-${i}:`, '    connect: ["+46846500412", "+46701740611"]', '    order: in-turn', '    timeout: 20', `    on: { failed: ${next}, busy: desk }`); break
      case 3: lines.push(`  s-${i}:`, '    route:', i < 60 ? `      - when: { visited: s-${i - 3}, times: 2 }` : '      - when: { caller: "+4670*" }', '        goto: desk', `      - goto: ${next}`); break
      case 5: case 6: if (i > 60) { lines.push(`  s-${i}: { play: news.mp3, skippable: false, next: ${next} }`); break }
        if (i % 10 === 5) lines.push(`  s-${i}: { set: { team-${i}: "sales {{caller}}" }, next: ${next} }`)
        else lines.push(`  s-${i}:`, '    route:', `      - when: { value: "{{team-${i - 1}}}", is: sales }`, '        goto: desk', `      - goto: ${next}`); break
      case 7: lines.push(`  s-${i}:`, '    record: tone.mp3', '    timelimit: 60', '    on: { failed: thanks }', `    next: ${next}`); break
      default: lines.push(`  s-${i}: { connect: "{{desk}}", timeout: 25, callerid: "+46846500400", on: { failed: ${next} } }`)
    }
  }
  lines.push('  desk: { connect: "{{desk}}", on: { failed: voicemail } }', '  voicemail: { record: leave-a-message.mp3, next: thanks }', '  thanks: { play: thanks.mp3, next: end }', 'prompts:', '  sorry: { file: sorry.mp3, text: "That key is not in use." }')
  for (let i = 0; i < count; i += 10) lines.push(`  menu-${i}:`, `    file: menu-${i}.mp3`, '    text: "To go on, press 1. To talk to us, press 2."')
  return `${lines.join('\n')}\n`
}
