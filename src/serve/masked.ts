/** What a log line may show. */
export { masked, shown } from '../run/masked.ts'
