/**
 * How tests start programs of ours: without what the test runner gives to every process, which watches each module that
 * is loaded and makes a start take three times as long.
 */
import './bare-threads.ts'

export const ENV = 'env'
export const BARE_NODE: readonly string[] = ['-u', 'NODE_OPTIONS', process.execPath]
