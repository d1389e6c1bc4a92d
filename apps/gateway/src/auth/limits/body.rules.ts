import { z } from 'zod';
import { AppError, badInput } from '@fowergram/contracts-core';
import type { Action } from './limits.rules.js';

/** The core stores no longer one, and no mail reaches it (RFC 5321). */
const MAX_EMAIL = 254;
/** The stores behind the core know no such character, and nobody has it in a name. */
export const text = z.string().refine((value) => !value.includes('\0'), { error: 'must not contain a NUL character' });
const FormField = z.looseObject({
  id: z.string(),
  value: z.union([text, z.unknown().refine((value) => typeof value !== 'string')]),
});

/** The types of everything that the SDK hands on unread; what it checks itself is left to it. */
const Body = z.looseObject({
  formFields: z.array(FormField).refine(hasNoDoubles, { error: 'must not contain a field twice' }).optional(),
  email: text.optional(),
  phoneNumber: text.optional(),
  deviceId: text.optional(),
  preAuthSessionId: text.optional(),
  userInputCode: text.optional(),
  linkCode: text.optional(),
  token: text.optional(),
  thirdPartyId: text.optional(),
  clientType: text.optional(),
  redirectURIInfo: z
    .looseObject({
      redirectURIOnProviderDashboard: text,
      redirectURIQueryParams: z.record(z.string(), z.unknown()),
      pkceCodeVerifier: text.optional(),
    })
    .optional(),
  oAuthTokens: z.looseObject({ access_token: text.optional(), id_token: text.optional() }).optional(),
  shouldTryLinkingWithSessionUser: z.boolean().optional(),
});
export type Body = z.output<typeof Body>;

/** Reads the body of a request to /auth, which may be missing; throws BAD_USER_INPUT at the field that is of the wrong type. */
export function readBody(body: unknown): Body {
  const { success, data, error } = Body.safeParse(body ?? {});
  if (success) return data;
  const issue = error.issues[0]!;
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (path.length === 0) throw new AppError('BAD_USER_INPUT', 'The body must be a JSON object.');
  throw badInput(path, `${path.join('.')}: ${issue.message}`);
}

/** What the SDK hands on of an address: each parameter once, and e-mail addresses that the core has room for. */
const Query = z.object({ email: text.max(MAX_EMAIL).optional() }).catchall(text);

/** Reads the parameters of a request to /auth; throws BAD_USER_INPUT at the one that is of the wrong type. */
export function checkQuery(query: unknown): void {
  const { error } = Query.safeParse(query ?? {});
  if (!error) return;
  const { path, message } = error.issues[0]!;
  throw badInput(path.map(String), `${path.map(String).join('.')}: ${message}`);
}

/** The account that a body is about, as it was typed; undefined where the SDK will refuse the body anyway. */
export function accountOf(source: Action['account'], body: Body): string | undefined {
  if (source === 'form') return asText(body.formFields?.find((field) => field.id === 'email')?.value);
  if (source === 'email') return body.email;
  // Base64 has more than one spelling of the same bytes.
  return source === 'device' && body.deviceId !== undefined
    ? Buffer.from(body.deviceId, 'base64').toString('base64')
    : undefined;
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Of two e-mails in one form, one would be counted and the other one tried. */
function hasNoDoubles(fields: { id: string }[]): boolean {
  return new Set(fields.map((field) => field.id)).size === fields.length;
}
