import { z } from 'zod';

const base = { clientId: z.string().min(1), clientType: z.string().optional() };
const ID = /^[a-z][a-z0-9-]{1,30}$/;

const Google = z.strictObject({ id: z.literal('google'), ...base, clientSecret: z.string().min(1) });
const Github = z.strictObject({ id: z.literal('github'), ...base, clientSecret: z.string().min(1) });
/** Apple has no secret but a key, from which a short-lived secret is signed. */
const Apple = z.strictObject({
  id: z.literal('apple'),
  ...base,
  keyId: z.string().min(1),
  teamId: z.string().min(1),
  privateKey: z.string().min(1),
});
/** Any other provider that speaks OpenID Connect; its issuer says where everything is. */
const Oidc = z.strictObject({
  id: z
    .string()
    .regex(ID)
    .refine((id) => !['google', 'github', 'apple'].includes(id), {
      error: 'is the name of a provider with settings of its own',
    }),
  name: z.string().min(1).max(50),
  issuer: z.url(),
  scope: z.array(z.string()).default(['openid', 'email']),
  ...base,
  clientSecret: z.string().min(1).optional(),
});

export const SignInProvider = z.union([Google, Github, Apple, Oidc]);
export type SignInProvider = z.output<typeof SignInProvider>;

/** The list of sign-in providers as JSON text; none by default. */
export const signInProviders = z
  .string()
  .default('[]')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(SignInProvider));
