/** How items of the outbox and recordings stand. */

/** `waiting`: to be sent; `sending`: the receiver may have it; `doubt`: nobody knows whether he has; `skipped`: `once_per` kept it back. */
export type ItemState = 'waiting' | 'sending' | 'sent' | 'failed' | 'doubt' | 'skipped' | 'dropped'
export const ITEM_STATES: readonly ItemState[] = ['waiting', 'sending', 'sent', 'failed', 'doubt', 'skipped', 'dropped']

/** `coming`: with the carrier; `here`: on our disk; `lost`: never to be had; `deleted`: kept long enough. */
export type RecordingState = 'coming' | 'here' | 'lost' | 'deleted'
