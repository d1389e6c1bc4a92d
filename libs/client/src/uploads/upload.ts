import { FowergramError } from '../errors.js';
import {
  completeMediaUpload,
  createMediaUpload,
  type CreateMediaUploadData,
  type MediaCard,
  mediaUpdated,
} from '../generated/operations.js';
import { type AttemptRules, repeatedly } from '../requests/attempts.js';
import type { Operations } from '../requests/operations.js';
import type { Subscriptions } from '../subscriptions/subscriptions.js';
import { sendForm } from './send-form.js';

export interface UploadOptions {
  altText?: string;
  /** Called with the part that was sent, from 0 to 1; where the platform does not say it, only with the two. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

export interface UploadParts {
  request: Operations['request'];
  subscriptions: Subscriptions;
  attempts: AttemptRules;
  fetch: typeof fetch;
}

/** A file of a page or of Node, or one that React Native finds under its address. */
export type UploadFile = Blob | { uri: string; type: string; size: number; name: string };

/** A form is good for minutes; a file that takes longer gets another. */
const FORMS = 3;
/** A server of another version may know more ends than READY and REJECTED. */
const UNDER_WAY = new Set(['AWAITING_UPLOAD', 'PROCESSING']);
const GIVE_UP_AFTER_MS = 10 * 60_000;

/** Sends a file to the object store and waits until it is processed; throws MEDIA_REJECTED where it is no picture that can be used. */
export async function upload(parts: UploadParts, file: UploadFile, options: UploadOptions = {}): Promise<MediaCard> {
  parts.subscriptions.requireWebSocket();
  const mediaId = await send(parts, file, options);
  let status: string | undefined;
  await parts.request(completeMediaUpload, { mediaId }, requestOptions(options));
  for await (const { mediaUpdated: media } of parts.subscriptions.subscribe(
    mediaUpdated,
    { mediaId },
    requestOptions(options),
  )) {
    status = media.status;
    if (media.status === 'READY') return media;
    if (media.status !== 'REJECTED') continue;
    const reason = media.rejectionCode ?? undefined;
    throw new FowergramError(media.rejectionReason ?? 'The file was rejected.', { code: 'MEDIA_REJECTED', reason });
  }
  if (status === undefined || UNDER_WAY.has(status)) throw new FowergramError('Aborted.', { code: 'ABORTED' });
  throw new FowergramError(`The upload ended as ${status}.`, { code: 'BAD_ANSWER', reason: status });
}

const requestOptions = ({ signal }: UploadOptions) => (signal ? { signal } : {});

/** Sends the file, with a new form where the one before was refused; answers the id of the media. */
async function send(parts: UploadParts, file: UploadFile, options: UploadOptions): Promise<string> {
  const input = { contentType: file.type, byteSize: file.size, altText: options.altText ?? null };
  let status = 0;
  for (let form = 0; form < FORMS; form++) {
    const { createMediaUpload: asked } = await parts.request(createMediaUpload, { input }, requestOptions(options));
    status = await sendRepeatedly(parts, file, asked, options);
    if (status < 300) return asked.media.id;
  }
  throw new FowergramError(`The object store answered ${status}.`, { code: 'BAD_ANSWER', status });
}

function sendRepeatedly(
  { fetch, attempts }: UploadParts,
  file: UploadFile,
  { url, fields }: CreateMediaUploadData['createMediaUpload'],
  { signal, onProgress = () => undefined }: UploadOptions,
): Promise<number> {
  const form = new FormData();
  for (const { name, value } of fields) form.append(name, value);
  // The one of React Native takes what has an address as a file.
  form.append('file', file as Blob);
  return repeatedly({ ...attempts, giveUpAfterMs: GIVE_UP_AFTER_MS }, signal, async () => {
    onProgress(0);
    const status = await sendForm({ url, form, fetch, signal, onProgress, byteSize: file.size });
    if (status >= 500)
      throw new FowergramError(`The object store answered ${status}.`, { code: 'UNAVAILABLE', status });
    return status;
  });
}
