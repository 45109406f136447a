/** Does something to each of a list, some at a time; throws what the first failure throws, after those under way have ended. */
export async function eachOf<T>(list: readonly T[], work: (one: T) => Promise<void>, atOnce = 8): Promise<void> {
  const queue = list.values()
  const workers = Array.from({ length: Math.min(atOnce, list.length) }, async () => {
    for (const one of queue) await work(one)
  })
  const failed = (await Promise.allSettled(workers)).find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
