/** The server cannot start: exit status 3, with what was found and what to do. */
export class CannotStart extends Error {
  /** More that the operator should read first, such as the problems of the flows. */
  readonly detail: string

  constructor(message: string, detail = '') {
    super(message)
    this.detail = detail
  }

  static data(folder: string, error: unknown): CannotStart {
    return new CannotStart(`the data folder ${folder} cannot be used: ${(error as Error).message}. It holds the secret and the versions that calls in progress need; choose another with --data`)
  }

  static listen(host: string, port: number, flag: string, error: unknown): CannotStart {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return new CannotStart(`port ${port} on ${host} is in use by another program: stop that program, or choose another port with ${flag}`)
    if (code === 'EACCES') return new CannotStart(`port ${port} may not be used by this user: choose one from 1024 up with ${flag}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new CannotStart(`this machine has no address ${host}: choose another with ${flag === '--port' ? '--host' : flag}`)
    return new CannotStart(`${host}:${port} cannot be listened at: ${message}`)
  }
}
