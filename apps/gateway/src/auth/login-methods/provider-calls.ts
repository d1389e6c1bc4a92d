import { AsyncLocalStorage } from 'node:async_hooks';
import { Error as AuthError } from 'supertokens-node';
import { AppError } from '@fowergram/contracts-core';

const TIMEOUT_MS = 5_000;
/** What the SDK's JOSE library calls a token that is false, in contrast to keys that could not be fetched. */
const FALSE_TOKEN = /^ERR_(JWT|JWS|JWKS_NO_MATCHING_KEY|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/;

interface Call {
  signal: AbortSignal;
  failure?: 'REFUSED' | 'DOWN';
}

/** Gives the SDK's calls to a sign-in provider an end, and says whether it was the provider or the user that failed. */
export class ProviderCalls {
  private readonly underWay = new AsyncLocalStorage<Call>();
  private readonly ownOrigins: Set<string>;

  /** The SDK calls providers with the global fetch, sets no timeout and takes no fetch of ours. */
  constructor(connectionUri: string) {
    this.ownOrigins = new Set(connectionUri.split(';').map((address) => new URL(address).origin));
    const plain = globalThis.fetch;
    globalThis.fetch = (target, options) => {
      const call = this.underWay.getStore();
      const isOwn = typeof target !== 'string' || this.ownOrigins.has(new URL(target).origin);
      return call && !isOwn
        ? observed(call, () => plain(target, { ...options, signal: call.signal }))
        : plain(target, options);
    };
  }

  /** Runs something of the SDK that talks to a provider; throws typed errors. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const call: Call = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    try {
      return await this.underWay.run(call, work);
    } catch (error) {
      if (error instanceof AppError || AuthError.isErrorFromSuperTokens(error)) throw error;
      const code = String((error as { code?: unknown }).code ?? '');
      if (call.failure === 'REFUSED' || FALSE_TOKEN.test(code)) throw refused(error);
      if (call.failure === 'DOWN' || call.signal.aborted || code !== '' || error instanceof SyntaxError)
        throw unavailable(error);
      throw error;
    }
  }
}

async function observed(call: Call, fetching: () => Promise<Response>): Promise<Response> {
  try {
    const response = await fetching();
    if (response.status >= 400) call.failure = response.status >= 500 || response.status === 429 ? 'DOWN' : 'REFUSED';
    return response;
  } catch (error) {
    call.failure = 'DOWN';
    throw error;
  }
}

/** For a code, a verifier or a token that the provider or we do not accept. */
export const refused = (cause?: unknown): AppError =>
  new AppError(
    'BAD_USER_INPUT',
    'This sign-in was refused. Please start again.',
    { reason: 'PROVIDER_REFUSED' },
    { cause },
  );

const unavailable = (cause: unknown): AppError =>
  new AppError(
    'UNAVAILABLE',
    'The sign-in provider does not answer. Please try again.',
    { reason: 'PROVIDER_UNAVAILABLE' },
    { cause },
  );
