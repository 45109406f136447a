/** The operator's side as the page asks it. */

/** A request that was refused, or that nobody answered: `status` is 0 then. `body` is what came with it. */
export class ApiError extends Error {
  readonly status: number
  readonly body: unknown
  constructor(status: number, message: string, body: unknown) {
    super(message)
    this.status = status
    this.body = body
  }
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  readonly json?: unknown
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** The answer, whatever its status; throws ApiError where nobody answers. A session that is over leads to the form. */
export async function exchange(path: string, { method = 'GET', json, body, headers = {}, signal }: Sent = {}): Promise<Response> {
  const sent = json === undefined ? body : JSON.stringify(json)
  let response: Response
  try {
    response = await fetch(path, {
      method, headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, credentials: 'same-origin',
      ...(sent === undefined ? {} : { body: sent }), ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new ApiError(0, 'the server does not answer', undefined)
  }
  if (response.status === 401) location.reload()
  return response
}

/** The JSON of an answer with a good status; throws ApiError for any other. */
export async function ask<T>(path: string, sent?: Sent): Promise<T> {
  const response = await exchange(path, sent)
  const body: unknown = await response.json().catch((error: unknown) => {
    if ((error as Error).name === 'AbortError') throw error
    return undefined
  })
  if (!response.ok) throw new ApiError(response.status, (body as { detail?: string } | undefined)?.detail ?? `${response.status} ${response.statusText}`, body)
  return body as T
}

/** The text of an answer with a good status. */
export async function askText(path: string, sent?: Sent): Promise<string> {
  const response = await exchange(path, sent)
  if (!response.ok) throw new ApiError(response.status, ((await response.json().catch(() => ({}))) as { detail?: string }).detail ?? response.statusText, undefined)
  return response.text()
}
