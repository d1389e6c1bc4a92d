/** A core that was named from outside, in whose stead the stand-in otherwise answers these tests. */
export interface OutsideCore {
  url: string;
  apiKey: string | undefined;
  /** Whether it has what is sold beside tenants: second factors and account linking. */
  isLicensed: boolean;
}

// Asked before any test is named: whether one is skipped must be known by then.
const named = await findOutsideCore();

export function outsideCore(): OutsideCore | undefined {
  return named;
}

async function findOutsideCore(): Promise<OutsideCore | undefined> {
  // Of several hosts of one core any will do.
  const url = process.env.TEST_OUTSIDE_AUTH_CORE?.split(';')[0]!.trim().replace(/\/$/, '');
  if (!url) return undefined;
  const apiKey = process.env.TEST_SUPERTOKENS_API_KEY;
  return { url, apiKey, isLicensed: (await featuresOf(url, apiKey)).includes('mfa') };
}

/** What a core, or one app of it, says that it has a licence for. */
export async function featuresOf(url: string, apiKey: string | undefined): Promise<string[]> {
  const headers = { 'cdi-version': '5.4', ...(apiKey !== undefined && { 'api-key': apiKey }) };
  const answer = await fetch(`${url}/ee/featureflag`, { headers });
  if (!answer.ok) throw new Error(`${url}/ee/featureflag answered ${answer.status}.`);
  return ((await answer.json()) as { features: string[] }).features;
}

type Test = (title: string, body: () => Promise<void>, timeoutMs?: number) => void;

/** A test that is listed as skipped, with the reason, where it cannot be run. */
function unless(isImpossible: boolean, reason: string): Test {
  return (title, body, timeoutMs) =>
    isImpossible ? it.skip(`${title} [outside core: ${reason}]`, body) : it(title, body, timeoutMs);
}

const isOutside = named !== undefined;

/** Tests of what only our own core lets us do. */
export const insideOnly = {
  clock: unless(isOutside, 'its clock cannot be moved'),
  database: unless(isOutside, 'its database is not ours'),
  apps: unless(isOutside, 'apps are sold'),
  process: unless(isOutside, 'its process is not ours to start or stop'),
  standIn: unless(isOutside, 'here the stand-in is not like a core, by decision'),
};

/** What is sold is asked of an outside core that has a licence, the failure of one that has none. */
export const licensed = unless(named?.isLicensed === false, 'what this needs is sold, and it has no licence');
export const unlicensed = unless(named?.isLicensed === true, 'it has a licence');
