/** A core that was named from outside, in whose stead the stand-in otherwise answers these tests. */
export interface OutsideCore {
  url: string;
  apiKey: string | undefined;
}

export function outsideCore(): OutsideCore | undefined {
  const url = process.env.TEST_OUTSIDE_AUTH_CORE;
  // Of several hosts of one core any will do.
  return url ? { url: url.split(';')[0]!.trim(), apiKey: process.env.TEST_SUPERTOKENS_API_KEY } : undefined;
}

type Test = (title: string, body: () => Promise<void>, timeoutMs?: number) => void;

/** A test of what only our own core lets us do; against another one it is listed as skipped, with the reason. */
function whoseReason(reason: string): Test {
  return (title, body, timeoutMs) => (outsideCore() ? it.skip(`${title} [outside core: ${reason}]`, body) : it(title, body, timeoutMs));
}

export const insideOnly = {
  clock: whoseReason('its clock cannot be moved'),
  database: whoseReason('its database is not ours'),
  licence: whoseReason('what this needs is sold'),
  apps: whoseReason('apps are sold'),
  process: whoseReason('its process is not ours to start or stop'),
  standIn: whoseReason('here the stand-in does less than a core, by decision'),
};
