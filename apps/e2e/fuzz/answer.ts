/** What came back, from whichever transport. */
export interface Answer {
  /** Of HTTP. */
  status?: number;
  /** Of the socket, where the server has closed it. */
  closedWith?: number;
  /** The body, or the frames one by one. */
  texts: string[];
  /** What the server's process used for it, where that is measured. */
  cpuMs?: number;
  /** True when nothing came within the patience of a client. */
  isMissing?: boolean;
}

export const MAX_ANSWER_BYTES = 1_000_000;
export const MAX_CPU_MS = 100;
export const TOO_MUCH_CPU = 'too much CPU';

/** A socket ends with these when a client breaks the protocol: the frame is no message of it, or too large. */
const FAIR_CLOSES = new Set([1009, 4400]);
/** What nobody outside may read: stacks, paths, SQL, addresses. */
const INTERNALS =
  /\n\s+at |\bat \S+ \(\S+:\d|node_modules|\.(js|ts):\d+|\/(dist|apps|libs)\/|\b(select|insert|update|delete)\b.+\b(from|into|set)\b|ECONN|prisma|postgres|invalid input syntax|Cannot read prop|is not a function/i;

interface Failure {
  message?: string;
  extensions?: { code?: string };
}

/** The codes of the errors in an answer; of the first one comes first. */
export function codesOf({ texts }: Answer): string[] {
  return texts.flatMap((text) => errorsIn(text).map(({ extensions }) => extensions?.code ?? 'none'));
}

/** Everything that an answer shows and no answer may show, in short words. */
export function problemsOf(answer: Answer): string[] {
  const problems: string[] = [];
  if (answer.isMissing) problems.push('no answer');
  if (answer.status !== undefined && answer.status >= 500) problems.push(`status ${answer.status}`);
  if (answer.closedWith !== undefined && !FAIR_CLOSES.has(answer.closedWith))
    problems.push(`closed with ${answer.closedWith}`);
  for (const code of new Set(codesOf(answer)))
    if (['INTERNAL', 'UNAVAILABLE', 'none'].includes(code)) problems.push(`code ${code}`);
  for (const text of answer.texts) {
    if (Buffer.byteLength(text) > MAX_ANSWER_BYTES) problems.push('an answer over 1 MB');
    if (errorsIn(text).some(({ message }) => INTERNALS.test(message ?? ''))) problems.push('internals in a message');
  }
  return [...new Set(problems)];
}

function errorsIn(text: string): Failure[] {
  if (!text.includes('"errors"') && !text.includes('"type":"error"')) return [];
  const body = JSON.parse(text) as { errors?: Failure[]; payload?: Failure[] | { errors?: Failure[] } };
  return body.errors ?? (Array.isArray(body.payload) ? body.payload : (body.payload?.errors ?? []));
}
