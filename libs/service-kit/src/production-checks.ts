/** Says in one sentence what is wrong with a value beside all that are given, or nothing; a variable that is absent has no value. */
export type ProductionCheck = (
  value: string | undefined,
  given?: Record<string, string | undefined>,
) => string | undefined;

const MIN_SECRET_LENGTH = 16;
const MIN_DISTINCT_CHARACTERS = 8;
/** What examples, images and manuals write where a secret belongs. */
const WELL_KNOWN =
  /pass(word|phrase)|secret|change.?me|replace.?me|example|default|minioadmin|postgres|fowergram|admin|letmein|qwerty|0123456789|123456789|abcdefgh|deadbeef/i;

/** Each check in turn; the first that objects speaks. */
export const allOf =
  (...checks: ProductionCheck[]): ProductionCheck =>
  (value, given) =>
    checks.map((check) => check(value, given)).find((violation) => violation !== undefined);

/** A variable that may be absent elsewhere. */
export const present =
  (why: string): ProductionCheck =>
  (value) =>
    value ? undefined : `is missing: ${why}`;

/** An address that clients use. */
export const overTls: ProductionCheck = (value) =>
  value && !value.startsWith('https://') ? 'must begin with https://: tokens and pictures travel to it' : undefined;

/** A secret that nobody guesses. */
export const strongSecret: ProductionCheck = (value) => (value === undefined ? undefined : weaknessOf(value, 'it'));

/** The address of a store with a password that nobody guesses; the first of several is the one that has it. */
export const strongPassword: ProductionCheck = (value) => {
  const [address] = value?.split(/,(?=\w+:\/\/)/) ?? [];
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { username, password } = new URL(address);
  if (!password) return 'names no password: whoever reaches the store would be let in';
  if (password === username) return 'has a password that is the name of its user';
  return weaknessOf(decodeURIComponent(password), 'its password');
};

function weaknessOf(secret: string, what: string): string | undefined {
  if (secret.length < MIN_SECRET_LENGTH)
    return `is weak: ${what} has fewer than ${MIN_SECRET_LENGTH} characters (openssl rand -hex 32 makes a good one)`;
  if (new Set(secret).size < MIN_DISTINCT_CHARACTERS || /^(.{1,16})\1+$/s.test(secret))
    return `is weak: ${what} repeats itself (openssl rand -hex 32 makes a good one)`;
  if (WELL_KNOWN.test(secret))
    return `is weak: ${what} holds a word of examples (openssl rand -hex 32 makes a good one)`;
  return undefined;
}
