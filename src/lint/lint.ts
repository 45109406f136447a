/** Flow and file → problems that a schema cannot see. */
import type { Problem, Span } from '../problem/problem.ts'
import type { Flow } from '../compile/flow.ts'
import { commentsIn } from '../parse/comments.ts'
import { partAt } from '../parse/text-lines.ts'
import { entryOf } from '../parse/tree.ts'
import type { Mapping, Node, Tree } from '../parse/tree.ts'
import type { FlowData } from '../validate/document.ts'
import { runFileRule, runRule } from './rule.ts'
import type { FileRule, Outside, Rule } from './rule.ts'
import { ownPart } from './own.ts'
import { walkOf } from './walk/walk.ts'
import { hashKeyLost } from './rules/hash-key-lost.ts'
import { braceComma } from './rules/brace-comma.ts'
import { invisibleCharacter } from './rules/invisible-character.ts'
import { commentInText } from './rules/comment-in-text.ts'
import { unquotedNumber } from './rules/unquoted-number.ts'
import { noFinalNewline } from './rules/no-final-newline.ts'
import { endlessSilence } from './rules/endless-silence.ts'
import { loopWithoutCaller } from './rules/loop-without-caller.ts'
import { noWayOut } from './rules/no-way-out.ts'
import { promptNamesMissingKey } from './rules/prompt-names-missing-key.ts'
import { keyNotAnnounced } from './rules/key-not-announced.ts'
import { keyBeforePurpose } from './rules/key-before-purpose.ts'
import { tooManyChoices } from './rules/too-many-choices.ts'
import { menuTooDeep } from './rules/menu-too-deep.ts'
import { promptTooLong } from './rules/prompt-too-long.ts'
import { silentAudio } from './rules/silent-audio.ts'
import { clippedAudio } from './rules/clipped-audio.ts'
import { audioLevel } from './rules/audio-level.ts'
import { audioForm } from './rules/audio-form.ts'
import { longStart } from './rules/long-start.ts'
import { noHuman } from './rules/no-human.ts'
import { emptyPrompt } from './rules/empty-prompt.ts'
import { lostKey } from './rules/lost-key.ts'
import { undocumentedKey } from './rules/undocumented-key.ts'
import { minForgotten } from './rules/min-forgotten.ts'
import { digitsVsKeys } from './rules/digits-vs-keys.ts'
import { ambiguousKeys } from './rules/ambiguous-keys.ts'
import { timeoutTooShort } from './rules/timeout-too-short.ts'
import { silentRecording } from './rules/silent-recording.ts'
import { abruptEnd } from './rules/abrupt-end.ts'
import { silenceCutsRecording } from './rules/silence-cuts-recording.ts'
import { shadowedEdge } from './rules/shadowed-edge.ts'
import { duplicateEdge } from './rules/duplicate-edge.ts'
import { constantTest } from './rules/constant-test.ts'
import { allEdgesSame } from './rules/all-edges-same.ts'
import { unusedFlow } from './rules/unused-flow.ts'
import { unusedPrompt } from './rules/unused-prompt.ts'
import { untranslatedPrompt } from './rules/untranslated-prompt.ts'
import { unusedList } from './rules/unused-list.ts'
import { unusedValue } from './rules/unused-value.ts'
import { patternCannotMatch } from './rules/pattern-cannot-match.ts'
import { premiumNumber } from './rules/premium-number.ts'
import { numberNotAllowed } from './rules/number-not-allowed.ts'
import { connectToSelf } from './rules/connect-to-self.ts'
import { calleridNotOurs } from './rules/callerid-not-ours.ts'
import { mobileToLandline } from './rules/mobile-to-landline.ts'
import { hangupCauseLate } from './rules/hangup-cause-late.ts'
import { lateRecordcall } from './rules/late-recordcall.ts'
import { fetchNotAllowed } from './rules/fetch-not-allowed.ts'
import { insecureUrl } from './rules/insecure-url.ts'
import { maybeUndefined } from './rules/maybe-undefined.ts'
import { missingTimezone } from './rules/missing-timezone.ts'
import { pastDate } from './rules/past-date.ts'
import { dstHole } from './rules/dst-hole.ts'
import { hardCodedSecret } from './rules/hard-coded-secret.ts'
import { sensitiveLogged } from './rules/sensitive-logged.ts'
import { noCalls } from './rules/no-calls.ts'
import { unhandledOutcome } from './rules/unhandled-outcome.ts'
import { unreachableState } from './rules/unreachable-state.ts'

/** The rules of the file as it is written. A new one is one file and one line here. */
export const FILE_RULES: readonly FileRule[] = [hashKeyLost, braceComma, invisibleCharacter, commentInText, unquotedNumber, noFinalNewline]

/** The rules of what a flow means, in the order in which one gives way to another. A new one is one file and one line here. */
export const RULES: readonly Rule[] = [
  unhandledOutcome, loopWithoutCaller, noWayOut, endlessSilence,
  shadowedEdge, duplicateEdge, constantTest, unreachableState, allEdgesSame, unusedFlow, unusedPrompt, untranslatedPrompt, unusedList,
  unusedValue, patternCannotMatch, premiumNumber, numberNotAllowed, connectToSelf, calleridNotOurs,
  mobileToLandline, hangupCauseLate, lateRecordcall, insecureUrl, fetchNotAllowed, maybeUndefined, missingTimezone, pastDate, dstHole,
  hardCodedSecret, sensitiveLogged, noCalls,
  promptNamesMissingKey, keyNotAnnounced, keyBeforePurpose, tooManyChoices, menuTooDeep,
  noHuman, promptTooLong, longStart, silentAudio, clippedAudio, audioLevel, audioForm, emptyPrompt, lostKey, undocumentedKey, minForgotten,
  digitsVsKeys, ambiguousKeys, timeoutTooShort, silentRecording, abruptEnd,
  silenceCutsRecording,
]

/** What a file's own rules find. */
export interface LintedAsWritten {
  readonly problems: readonly Problem[]
  /** Places that nothing more is to be said about. */
  readonly covered: readonly Span[]
  /** Whether names may be other ones than they look: whoever reads on would find what is not there. */
  readonly misread: boolean
}

/** Asks the rules of the file as it is written. */
export function lintFile(tree: Tree): LintedAsWritten {
  const problems: Problem[] = []
  const covered: Span[] = []
  const file = { tree, comments: commentsIn(tree.text), cover: (span: Span) => void covered.push(span) }
  for (const rule of FILE_RULES) runFileRule(rule, file, problem => problems.push(problem))
  return { problems, covered, misread: problems.some(problem => problem.code === 'invisible-character') }
}

/** What the rules find in one flow that was read whole. */
export function lint(linked: Flow, tree: Tree, data: FlowData, outside: Outside): Problem[] {
  const problems: Problem[] = []
  const linted = { flow: ownPart(linked), linked, tree, data, outside, walk: walkOf(linked) }
  for (const rule of RULES) {
    if (problems.some(problem => rule.givesWayTo?.includes(problem.code))) continue
    runRule(rule, linted, problem => problems.push(problem))
  }
  return problems
}

/** What these decide, they decide in states of these verbs. */
const SHARED = new Set(['defaults', 'keys'])
const SHARING = ['ivr', 'play', 'connect', 'record']

/** Parts of a file that decide nothing of what a state does by itself; a prompt that is not there says nothing. */
const ASIDE = new Set(['title', 'start', 'numbers', 'timezone', 'country', 'prompts', 'schedules', 'lists', 'tables', 'switches', 'longest', 'on_error', 'messages', 'on_hangup', 'recordcall', 'exits'])

/**
 * What the rules that look at one state alone find in a flow that has `mistakes`: of states that hold none of them, and
 * only where no other part of the file that may decide in any state has one.
 */
export function lintStates(linked: Flow, tree: Tree, data: FlowData, outside: Outside, mistakes: readonly Span[]): Problem[] {
  const states = entryOf(tree.root, 'states')?.value
  const extents = states?.kind === 'map' ? extentsOf(states) : []
  const hit = new Set<Span>()
  for (const { start, end } of mistakes) {
    const touches = (part: Span): boolean => start < part.end && Math.max(end, start + 1) > part.start
    const touched = extents.filter(touches)
    // of several parts nobody knows what they have become
    const part = /\n[^\s#]/.test(tree.text.slice(start, end)) ? '' : partAt(tree.text, start)
    if (touched.length === 0 && SHARED.has(part)) extents.filter((_, index) => sharesOptions(states, index)).forEach(state => hit.add(state))
    else if (touched.length === 0 && !ASIDE.has(part)) return []
    for (const state of touched) hit.add(state)
  }
  const clean = extents.filter(state => !hit.has(state))
  const problems: Problem[] = []
  const linted = { flow: ownPart(linked), linked, tree, data, outside, walk: walkOf(linked) }
  for (const rule of RULES) {
    if (rule.ofOneState !== true || problems.some(problem => rule.givesWayTo?.includes(problem.code))) continue
    runRule(rule, linted, problem => problems.push(problem))
  }
  return problems.filter(({ span }) => clean.some(state => span.start >= state.start && span.start < state.end))
}

/** Whether `defaults` and `keys` may decide what a state does. */
function sharesOptions(states: Node | undefined, index: number): boolean {
  const state = states?.kind === 'map' ? states.entries[index]?.value : undefined
  return state?.kind !== 'map' || !state.entries.some(({ key }) => key.text === 'route' || key.text === 'set' || key.text === 'send') || state.entries.some(({ key }) => SHARING.includes(key.text))
}

/** Each entry of a map, up to the next one. */
function extentsOf({ entries, span }: Mapping): Span[] {
  const starts = entries.map(entry => entry.key.span.start)
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? Math.max(start + 1, span.end) }))
}
