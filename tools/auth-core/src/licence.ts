import { CoreError } from './core-error.js';
import type { Handler, Recipe } from './route.js';

/**
 * What the real core sells, answered as it answers without a licence, so that nobody builds on a feature that is not
 * there in production.
 */
export const licence: Recipe = () => ({
  'POST /recipe/totp/device': needs(mfa),
  'POST /recipe/totp/verify': needs(mfa),
  'POST /recipe/accountlinking/user/primary': needs(accountLinking),
  'POST /recipe/accountlinking/user/link': needs(accountLinking),
  'POST /recipe/multitenancy/tenant/remove': needs(feature('multi_tenancy')),
  'PUT /recipe/multitenancy/config/thirdparty': needs(feature('multi_tenancy')),
  'POST /recipe/multitenancy/config/thirdparty/remove': needs(feature('multi_tenancy')),
  'POST /recipe/multitenancy/tenant/user': needs(feature('multi_tenancy')),
  'POST /recipe/multitenancy/tenant/user/remove': needs(feature('multi_tenancy')),
  'GET /ee/featureflag': async () => ({ status: 'OK', features: [], usageStats: {} }),
});

const mfa = 'MFA feature is not enabled. Please subscribe to a SuperTokens core license key to enable this feature.';
const accountLinking = 'Account linking feature is not enabled for this app. Please contact support to enable it.';

function feature(name: string): string {
  return `Cannot use feature: ${name}, because the license key is missing, or doesn't have this feature enabled.`;
}

export function refuseWithoutLicence(text: string): never {
  throw new CoreError(402, text);
}

export const multitenancyNeedsLicence = feature('multi_tenancy');

function needs(text: string): Handler {
  return async () => refuseWithoutLicence(text);
}
