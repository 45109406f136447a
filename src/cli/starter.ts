/** What `tonval init` writes: a flow that answers calls as it is, the calls that it must hold, and what editors need. */

/** The name of the flow, and of the folder of its sounds. */
export const STARTER = 'reception'

/** Sounds of ours that the flow plays: they say nothing that only one company would. */
export const STARTER_SOUNDS = ['menu', 'not-an-option', 'opening-hours', 'leave-a-message', 'thanks', 'trouble'] as const

export const STARTER_FLOW = `# yaml-language-server: $schema=../schema/flow.schema.json
# A reception: a menu, the opening hours, two telephones, and a message where nobody answers.
title: Reception
start: menu
# numbers: ["+46846500400"]            # your lines at the carrier: each is answered by the flow that lists it
language: en
timezone: Europe/Stockholm
on_error: trouble

vars:                                  # who answers: put your own numbers here
  sales: "+46846500411"
  reception: "+46846500410"

states:
  menu:
    ivr: menu
    timeout: 8
    sorry: not-an-option               # a wrong key: said before the menu is heard again, three tries in all
    on:
      1: sales
      2: { play: opening-hours, skippable: false, next: menu }
      0: reception
      noinput: reception               # no key at all: perhaps a telephone without keys
      nomatch: reception

  sales: { connect: "{{sales}}", timeout: 20, on: { failed: reception } }          # busy and no answer included
  reception: { connect: "{{reception}}", timeout: 25, on: { failed: voicemail } }

  voicemail:
    record: leave-a-message
    on: { failed: trouble }
    next: thanks

  thanks: { play: thanks, next: end }
  trouble: { play: trouble, next: end }

# The sounds and what they say. To change one, record it anew and change its text.
prompts:
  menu:
    file: reception/menu.mp3
    text: "For sales, press 1. For our opening hours, press 2. For the reception, press 0."
  not-an-option:
    file: reception/not-an-option.mp3
    text: "Sorry, that key is not in use."
  opening-hours:
    file: reception/opening-hours.mp3
    text: "We are open Monday to Friday, from eight in the morning to five in the afternoon."
  leave-a-message:
    file: reception/leave-a-message.mp3
    text: "We cannot answer right now. Please leave a message after the tone, and we will call you back."
  thanks:
    file: reception/thanks.mp3
    text: "Thank you. Goodbye."
  trouble:
    file: reception/trouble.mp3
    text: "Sorry, something went wrong. Please call again later. Goodbye."
`

export const STARTER_CALLS = `# yaml-language-server: $schema=../schema/calls.schema.json
# Calls that the reception must hold; together they walk every edge of it. While one fails, the flow does not go live.
calls:
  - name: Sales answers
    steps:
      - ivr: menu
      - press: "1"
      - connect: "+46846500411"
      - line: success
      - end

  - name: Sales is busy, the reception answers
    steps:
      - ivr: menu
      - press: "1"
      - connect: "+46846500411"
      - line: busy
      - connect: "+46846500410"
      - line: success
      - end

  - name: The opening hours lead back to the menu, and from there to the reception
    steps:
      - ivr: menu
      - press: "2"
      - play: opening-hours
      - ivr: menu
      - press: "0"
      - connect: "+46846500410"
      - line: success
      - end

  - name: Who presses nothing gets the reception, and leaves a message when nobody answers
    steps:
      - ivr: menu
      - silence
      - connect: "+46846500410"
      - line: failed
      - record: leave-a-message
      - speak: 9
      - play: thanks
      - end

  - name: The third wrong key leads to the reception, and the message cannot be recorded
    steps:
      - ivr: menu
      - press: "7"
      - play: not-an-option
      - ivr: menu
      - press: "8"
      - play: not-an-option
      - ivr: menu
      - press: "9"
      - connect: "+46846500410"
      - line: busy
      - record: { timelimit: 120 }
      - line: failed
      - play: trouble
      - end

  - name: Sounds that fail are passed over
    steps:
      - ivr: menu
      - press: "2"
      - play: opening-hours
      - sound: failed
      - ivr: menu
      - sound: failed
      - connect: "+46846500410"
      - line: failed
      - record: leave-a-message
      - speak: 3
      - play: thanks
      - sound: failed
      - end
`

/** The YAML extension's settings: completion and explanations of every key, and nothing asked for over a network. */
export const VSCODE_SETTINGS = {
  'yaml.schemas': {
    './schema/flow.schema.json': ['flows/*.yaml', '!flows/*.calls.yaml'],
    './schema/calls.schema.json': ['flows/*.calls.yaml'],
  },
  'yaml.schemaStore.enable': false,
}

export const VSCODE_EXTENSIONS = { recommendations: ['redhat.vscode-yaml'] }

export const GIT_IGNORE = '# what `tonval serve` keeps: its secret, and the versions that calls in progress need\n.tonval/\n'
