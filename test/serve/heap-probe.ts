/** Runs inside a server under test: answers `heap` with the bytes in use after a collection. */
process.on('message', message => {
  if (message !== 'heap') return
  globalThis.gc?.()
  process.send?.(process.memoryUsage().heapUsed)
})
// the channel must not keep a server alive that has stopped
process.channel?.unref()
