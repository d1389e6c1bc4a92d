import {
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { signUpTestUser } from '../test-users.js';
import type { Variables } from './cached-client.js';
import type { Change, Scene } from './change.js';
import { changes } from './changes.js';

type Repeat = Pick<Change, 'as' | 'variables' | 'meanwhile'>;

/** What another request may ask for where a change of any value would name something that there is not, which is said first. */
const otherRequests: Record<string, (scene: Scene) => Variables> = {
  report: ({ other }) => ({ input: { subjectId: other.id } }),
  hideContent: () => ({ reason: 'another' }),
  restoreContent: () => ({ reason: 'another' }),
};

/** The same variables but for one; undefined where there is none. */
export function otherRequest(field: string, variables: Variables, scene: Scene): Variables | undefined {
  const other = otherRequests[field]?.(scene);
  if (!other) return changedOnce(variables);
  const input = { ...(variables['input'] as object), ...(other['input'] as object) };
  return { ...variables, ...other, ...('input' in variables && { input }) };
}

const ACT = { reason: 'No longer used.' };

/** A service account with one key. */
async function newServiceAccount({ admin }: Scene): Promise<{ id: string; keys: { id: string }[] }> {
  const { createServiceAccount } = await admin.client.request<{
    createServiceAccount: { account: { id: string; keys: { id: string }[] } };
  }>(
    `mutation { createServiceAccount(input: { name: "Reader", scopes: [WEBHOOKS_MANAGE], reason: "For a test." }) { account { id keys { id } } } }`,
  );
  return createServiceAccount.account;
}

/** Something that is done to a webhook which is notified of nothing. */
const onNewWebhook =
  (more: Variables = {}) =>
  async (scene: Scene): Promise<Repeat> => {
    const { id } = await newServiceAccount(scene);
    const { createWebhook } = await scene.admin.client.request<{ createWebhook: { webhook: { id: string } } }>(
      `mutation ($accountId: ID!) {
        createWebhook(input: { accountId: $accountId, url: "https://receiver.example.com/", events: [ACCOUNT_DELETED], reason: "For a test." }) { webhook { id } }
      }`,
      { accountId: id },
    );
    return { as: scene.admin, variables: { input: { webhookId: createWebhook.webhook.id, ...more, ...ACT } } };
  };

/** What is done by mutations that no cache is asked about. */
const others: Record<string, (scene: Scene) => Promise<Repeat>> = {
  createMediaUpload: async () => ({ variables: { input: { contentType: 'image/png', byteSize: 1_000 } } }),
  dismissSuggestion: async ({ network }) => ({ variables: { userId: (await signUpTestUser(network, 'known')).id } }),
  removeMutedWord: async ({ viewer }) => {
    const { addMutedWord } = await viewer.client.request<{ addMutedWord: { id: string } }>(
      'mutation { addMutedWord(input: { text: "goal" }) { id } }',
    );
    return { variables: { id: addMutedWord.id } };
  },
  createCollection: async () => ({ variables: { name: 'Repeated' } }),
  deleteCollection: async ({ viewer }) => {
    const { createCollection } = await viewer.client.request<{ createCollection: { id: string } }>(
      'mutation { createCollection(name: "Gone soon") { id } }',
    );
    return { variables: { id: createCollection.id } };
  },
  revokeServiceKey: async (scene) => {
    const { keys } = await newServiceAccount(scene);
    return { as: scene.admin, variables: { input: { keyId: keys[0]!.id, ...ACT } } };
  },
  closeServiceAccount: async (scene) => {
    const { id } = await newServiceAccount(scene);
    return { as: scene.admin, variables: { input: { accountId: id, ...ACT } } };
  },
  updateWebhook: onNewWebhook({ events: ['LIKED'] }),
  stopWebhook: onNewWebhook(),
  startWebhook: onNewWebhook(),
  replayWebhook: onNewWebhook({ since: '2026-11-29T09:30:00.000Z' }),
  deleteWebhook: onNewWebhook(),
};

/** Why a mutation cannot be repeated. */
export const unrepeatable: Record<string, string> = {
  deactivateAccount: 'It ends the session that a repeat would come with.',
  deleteAccount: 'It ends the session that a repeat would come with.',
  createServiceAccount: 'A repeat answers without the key, which no stored answer has.',
  createServiceKey: 'A repeat answers without the key, which no stored answer has.',
  createWebhook: 'A repeat answers without the secret, which no stored answer has.',
  rotateWebhookSecret: 'A repeat answers without the secret, which no stored answer has.',
};

/** What can be repeated, in an order in which each finds what it needs. */
export const repeatable = [...Object.keys(changes), ...Object.keys(others)];

/** A call of a mutation that has an effect now. */
export const repeatOf = (field: string, scene: Scene): Promise<Repeat> | Repeat =>
  (changes[field] ?? others[field])!(scene);

/** The text of a mutation that asks for everything plain that it answers. */
export function textOf(schema: GraphQLSchema, name: string): string {
  const field = schema.getMutationType()!.getFields()[name]!;
  const declared = field.args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const call = field.args.length === 0 ? name : `${name}(${given})`;
  return `mutation${declared && ` (${declared})`} { ${call} ${selectionOf(field)} }`;
}

function selectionOf({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (isInterfaceType(named)) return selectionSet(['id']);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const parts = fields.flatMap((field) => {
    const part = getNamedType(field.type);
    if (isLeafType(part)) return [field.name];
    return isObjectType(part) && 'id' in part.getFields() ? [`${field.name} { id }`] : [];
  });
  return selectionSet(parts);
}

const selectionSet = (parts: string[]): string => `{ ${parts.join(' ')} }`;

const ID = /^([a-z-]+_[0-9a-f-]{35})([0-9a-f])$/;

/** The same variables but for one, of which the new value is valid by itself. */
function changedOnce(variables: Variables): Variables | undefined {
  for (const change of [changeId, changeBoolean, changeNumber, changeText]) {
    let isChanged = false;
    const changed = JSON.parse(JSON.stringify(variables), (_key, value: unknown) => {
      const next: unknown = isChanged ? value : change(value);
      isChanged ||= next !== value;
      return next;
    }) as Variables;
    if (isChanged) return changed;
  }
  return undefined;
}

const changeId = (value: unknown): unknown =>
  typeof value === 'string'
    ? value.replace(ID, (_all, head: string, last: string) => head + (last === '0' ? '1' : '0'))
    : value;
const changeBoolean = (value: unknown): unknown => (typeof value === 'boolean' ? !value : value);
const changeNumber = (value: unknown): unknown => (typeof value === 'number' ? value + 1 : value);
const changeText = (value: unknown): unknown => (typeof value === 'string' ? `${value}x` : value);
