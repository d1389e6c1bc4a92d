import Bowser from 'bowser';

const UNKNOWN = 'Unknown device';
/** Names and versions of programs are what their senders like: only what reads like a name is shown to users. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

/** The device of a user agent in plain words, such as "Firefox on Linux"; versions are left out, so that an update makes no new device. */
export function deviceOf(userAgent: string): string {
  if (!userAgent) return UNKNOWN;
  const { browser, os } = Bowser.parse(userAgent);
  const app = nameOf(browser.name) ?? productOf(userAgent);
  const system = nameOf(os.name);
  if (app && system) return `${app} on ${system}`;
  return app ?? system ?? UNKNOWN;
}

/** The parser takes the version of some apps for a part of their name. */
function nameOf(parsed: string | undefined): string | undefined {
  const name = parsed?.split('/')[0]!.trim();
  return name && NAME.test(name) ? name : undefined;
}

/** HTTP clients that no list of browsers knows begin with their name and version; every browser says Mozilla. */
function productOf(userAgent: string): string | undefined {
  const [product, version] = userAgent.split('/', 2);
  return version && product !== 'Mozilla' ? nameOf(product) : undefined;
}
