/**
 * Preloaded into a server under measurement (`node --import …/cpu-probe.js server.js`): answers the message
 * 'cpu' from the parent with what the process has used so far, and does not keep the process alive.
 */
process.on('message', message => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() })
})
process.channel?.unref()
