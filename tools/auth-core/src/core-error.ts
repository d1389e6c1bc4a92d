/** An answer that is not 200: a status and the text that the SDK shows to its user. */
export class CoreError extends Error {
  constructor(
    readonly statusCode: 400 | 401 | 402 | 403 | 404 | 405 | 500,
    message: string,
  ) {
    super(message);
  }
}

export function badInput(message: string): CoreError {
  return new CoreError(400, message);
}
