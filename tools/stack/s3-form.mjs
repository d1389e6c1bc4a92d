import { createRequire } from 'node:module';
import { S3Error } from './s3-error.mjs';

const require = createRequire(import.meta.url);
// The parser that the store itself uses: one reading of a form, not two that could disagree.
const busboy = createRequire(require.resolve('@20minutes/s3rver'))('busboy');

/**
 * Reads a browser upload: all fields first, then the one file. `takeFile` is called when the file begins, with everything that
 * came before it. Its answer is handed out only when the whole form turned out well; otherwise it is discarded.
 * @template {{ discard(): Promise<void> }} T
 * @param {import('node:http').IncomingMessage} request
 * @param {(fields: Map<string, string>, file: import('node:stream').Readable) => Promise<T>} takeFile
 * @returns {Promise<T>}
 */
export function readForm(request, takeFile) {
  return new Promise((resolve, reject) => {
    const fields = new Map();
    let taking;
    let current;
    const form = busboy({
      headers: request.headers,
      limits: { fields: 64, fieldSize: 64 * 1024, files: 2, parts: 128 },
    });
    const fail = (error) => {
      request.unpipe(form);
      current?.destroy(error);
      taking?.then(
        (taken) => taken.discard(),
        () => undefined,
      );
      reject(
        error instanceof S3Error
          ? error
          : new S3Error('MalformedPOSTRequest', `The body is not well-formed multipart/form-data: ${error.message}`),
      );
    };
    form.on('field', (name, value, info) => {
      if (taking) return;
      const lower = name.toLowerCase();
      if (info.nameTruncated || info.valueTruncated)
        return fail(new S3Error('InvalidArgument', `The field ${lower.slice(0, 80)} is too long.`));
      if (lower === 'file')
        return fail(new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.'));
      if (fields.has(lower)) return fail(new S3Error('InvalidArgument', `The field ${lower} appears twice.`));
      fields.set(lower, value);
    });
    form.on('file', (name, file) => {
      // A second file, or a file under another name, is more than was signed.
      if (taking || name.toLowerCase() !== 'file') {
        file.resume();
        return fail(new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.'));
      }
      file.on('error', () => undefined);
      current = file;
      taking = takeFile(fields, file);
      taking.catch(fail);
    });
    for (const limit of ['fieldsLimit', 'partsLimit', 'filesLimit'])
      form.once(limit, () => fail(new S3Error('InvalidArgument', 'The form has too many parts.')));
    form.once('error', fail);
    form.once('close', () => {
      if (taking) taking.then(resolve, fail);
      else fail(new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.'));
    });
    request.once('aborted', () => fail(new S3Error('IncompleteBody', 'The upload was broken off.')));
    request.pipe(form);
  });
}
