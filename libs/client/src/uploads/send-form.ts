import { asError, FowergramError, throwIfAborted } from '../errors.js';
import { timedOut } from '../requests/attempts.js';

/** The little that is used of XMLHttpRequest, which alone says how far an upload is. */
interface FormRequest {
  status: number;
  timeout: number;
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  ontimeout: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  send(form: FormData): void;
  abort(): void;
}

export interface FormToSend {
  url: string;
  form: FormData;
  byteSize: number;
  onProgress: (share: number) => void;
  fetch: typeof fetch;
  signal?: AbortSignal | undefined;
}

/** As slow as a line may be before its upload is begun anew. */
const LEAST_BYTES_PER_MS = 8;
const LEAST_MS = 60_000;

/** Sends a form to the object store and answers the status; reports how far it is wherever that can be known. */
export async function sendForm(asked: FormToSend): Promise<number> {
  throwIfAborted(asked.signal);
  const Request = (globalThis as { XMLHttpRequest?: new () => FormRequest }).XMLHttpRequest;
  const withinMs = LEAST_MS + asked.byteSize / LEAST_BYTES_PER_MS;
  const status = Request ? await byRequest(new Request(), asked, withinMs) : await byFetch(asked, withinMs);
  asked.onProgress(1);
  return status;
}

function byRequest(
  request: FormRequest,
  { url, form, onProgress, signal }: FormToSend,
  withinMs: number,
): Promise<number> {
  const abort = () => request.abort();
  return new Promise<number>((resolve, reject) => {
    const fail = (code: string) => () => reject(new FowergramError('The file was not sent.', { code }));
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(request.status);
    request.onerror = fail('NETWORK');
    request.onabort = fail('ABORTED');
    request.ontimeout = () => reject(timedOut(withinMs));
    request.open('POST', url);
    request.timeout = withinMs;
    signal?.addEventListener('abort', abort);
    request.send(form);
  }).finally(() => signal?.removeEventListener('abort', abort));
}

async function byFetch({ url, form, fetch, signal }: FormToSend, withinMs: number): Promise<number> {
  const ending = new AbortController();
  const abort = () => ending.abort();
  const timer = setTimeout(abort, withinMs);
  signal?.addEventListener('abort', abort);
  try {
    const response = await fetch(url, { method: 'POST', body: form, signal: ending.signal });
    await response.text();
    return response.status;
  } catch (thrown) {
    throwIfAborted(signal);
    throw ending.signal.aborted ? timedOut(withinMs) : asError(thrown);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
