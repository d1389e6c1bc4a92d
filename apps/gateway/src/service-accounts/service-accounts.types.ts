import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  MAX_KEYS_PER_SERVICE_ACCOUNT,
  MAX_REASON_LENGTH,
  MAX_SERVICE_ACCOUNT_NAME_LENGTH,
  type ServiceAccount,
  type ServiceKey,
  type ServiceScope as ScopeModel,
} from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';

/** The values are those of the contract; the names are what clients see. */
export const ServiceScope = {
  TOKENS_VALIDATE: 'tokens:validate',
  USERS_READ: 'users:read',
  POSTS_READ: 'posts:read',
  EVENTS_READ: 'events:read',
  WEBHOOKS_MANAGE: 'webhooks:manage',
} as const satisfies Record<string, ScopeModel>;
registerEnumType(ServiceScope, {
  name: 'ServiceScope',
  description: 'What a service account may do.',
  valuesMap: {
    TOKENS_VALIDATE: { description: 'Ask whose access token it is, and whether it is still good.' },
    USERS_READ: { description: 'Read users as everybody sees them.' },
    POSTS_READ: { description: 'Read posts and comments as everybody sees them.' },
    EVENTS_READ: { description: 'Watch what happens.' },
    WEBHOOKS_MANAGE: { description: 'Have webhooks of its own.' },
  },
});

@ObjectType('ServiceKey', { description: 'A key of a service account, as it is known after it was shown.' })
export class ServiceKeyType implements ServiceKey {
  @Field(() => ID, { description: 'Names the key for revokeServiceKey; node(id) does not find it.' })
  id: string;

  @Field({ description: 'The last characters of the key.' })
  ending: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was used last, to the hour; null when it never was.',
  })
  lastUsedAt: string | null;
}

@ObjectType('ServiceAccount', { description: 'Another back end that may ask this one, such as that of a shop.' })
export class ServiceAccountType implements Omit<ServiceAccount, 'keys'> {
  @Field(() => ID, { description: 'Names the account for other operations; node(id) does not find it.' })
  id: string;

  @Field({ description: 'What administrators call it.' })
  name: string;

  @Field(() => [ServiceScope], {
    description: 'What it may do. It does not change: another one needs another account.',
  })
  scopes: ScopeModel[];

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: string;

  @Field(() => [ServiceKeyType], {
    description: `The keys that open it, newest first; ${MAX_KEYS_PER_SERVICE_ACCOUNT} at most.`,
  })
  keys: ServiceKey[];
}

@ObjectType({ description: 'A service account, and a key that was made for it.' })
export class ServiceAccountWithKey {
  @Field(() => ServiceAccountType, { description: 'The account that the key opens.' })
  account: ServiceAccount;

  @Field(() => String, {
    nullable: true,
    description:
      'The key, which is shown this once. Null where a repeat with the same Idempotency-Key is answered: revoke that key and make another one.',
  })
  key: string | null;
}

@InputType({ description: 'A service account to make, and why.' })
export class CreateServiceAccountInput {
  @Field({ description: `What to call it, in 1 to ${MAX_SERVICE_ACCOUNT_NAME_LENGTH} characters.` })
  name: string;

  @Field(() => [ServiceScope], { description: 'What it may do; one scope at least.' })
  scopes: ScopeModel[];

  @Field({ description: `Why, in 1 to ${MAX_REASON_LENGTH} characters; it stays on record.` })
  reason: string;
}

@InputType({ description: 'A service account, and why something is done to it.' })
export class ServiceAccountInput {
  @Field(() => ID, { description: 'Which account; one that is closed is NOT_FOUND.' })
  accountId: string;

  @Field({ description: `Why, in 1 to ${MAX_REASON_LENGTH} characters; it stays on record.` })
  reason: string;
}

@InputType({ description: 'Which key of a service account ends, and why.' })
export class RevokeServiceKeyInput {
  @Field(() => ID, { description: 'Which key; one that is revoked is NOT_FOUND.' })
  keyId: string;

  @Field({ description: `Why, in 1 to ${MAX_REASON_LENGTH} characters; it stays on record.` })
  reason: string;
}
