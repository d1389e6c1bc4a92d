import pg from 'pg';
import { z } from 'zod';
import * as media from '@fowergram/contracts-media';
import * as notification from '@fowergram/contracts-notification';
import * as post from '@fowergram/contracts-post';
import * as user from '@fowergram/contracts-user';
import { createDatabase } from '@fowergram/testing';

/** Which contract says the values that a column allows; literal lists are values that no contract knows. */
const COLUMNS: Record<string, readonly string[]> = {
  'media.media.kind': media.Media.shape.kind.options,
  'media.media.status': media.MediaStatus.options,
  'media.media.rejection_code': media.MediaRejectionCode.options,
  'media.media.claim_purpose': media.mediaRpc.claim.input.shape.purpose.options,
  'notification.notification.kind': notification.NotificationKind.options,
  'post.post.audience': post.Audience.options,
  'post.content_preferences.alt_text': post.AltTextPreference.options,
  'post.content_preferences.sensitive_media': post.MediaDisplay.options,
  'post.co_author.state': post.CoAuthorState.options,
  'post.tagged_user.state': post.TagState.options,
  'post.post.state': post.PostState.options,
  'post.post.publish_problem': post.PublishProblem.options,
  'post.post.deleted_from': ['DRAFT', 'PUBLISHED', 'ARCHIVED'],
  'user.operator_action.outcome': user.OperatorOutcome.options,
  'user.report.reason': user.ReportReason.options,
  'user.report_case.outcome': user.ReportOutcome.options,
  'user.report_case.subject_kind': user.SubjectKind.options,
  'user.service_account_action.action': ['CREATE', 'CREATE_KEY', 'REVOKE_KEY', 'CLOSE'],
  'notification.mail.outcome': ['SENT', 'REFUSED', 'EXPIRED'],
  'notification.webhook.state': notification.WebhookState.options,
  'notification.webhook.stop_reason': notification.WebhookStopReason.options,
  'notification.webhook_delivery.state': notification.WebhookDeliveryState.options,
  'notification.webhook_delivery.last_failure': notification.WebhookFailure.options,
  'notification.webhook_action.action': ['CREATE', 'UPDATE', 'ROTATE_SECRET', 'STOP', 'START', 'REPLAY', 'DELETE'],
};

/** Enums of contracts that no column holds to a list, so that a new value needs no migration: text without CHECK, or never stored. */
const UNCONSTRAINED: (readonly string[])[] = [
  user.Role.options,
  user.userOperatorRpc.end.input.shape.outcome.options,
  user.userOperatorRpc.restrict.input.shape.action.options,
  user.AccountStatus.options,
  user.SecondFactorState.options,
  user.ErasurePart.options,
  user.SignInMethod.options,
  user.SignInOutcome.options,
  user.ReportState.options,
  user.ContentKind.options,
  user.ServiceScope.options,
  media.IMAGE_CONTENT_TYPES,
  media.mediaOperatorRpc.reconcile.input.shape.heal.options,
  post.PostOrder.options,
  post.CommentOrder.options,
  post.CommentPolicy.options,
  post.postLifeRpc.own.input.shape.state.options,
  notification.WebhookEventType.options,
];

const services = ['user', 'post', 'media', 'notification'] as const;

/** The values that a CHECK or an enum type allows, by `service.table.column`. */
async function allowedValues(service: (typeof services)[number]): Promise<[string, string[]][]> {
  const database = await createDatabase(service);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ column: string; definition: string | null; labels: string[] | null }>(`
    select c.relname || '.' || a.attname as column, pg_get_constraintdef(k.oid) as definition,
      (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = a.atttypid) as labels
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
    where a.attnum > 0 and not a.attisdropped`);
  await client.end();
  await database.drop();
  return rows.flatMap(({ column, definition, labels }) => {
    const values = labels ?? valuesIn(definition ?? '');
    return values.length > 0 ? [[`${service}.${column}`, values.sort()]] : [];
  });
}

const valuesIn = (definition: string): string[] =>
  /= ANY \(+ARRAY\[/.test(definition) ? [...definition.matchAll(/'([^']+)'::/g)].map(([, value]) => value!) : [];

/** The enums in everything that a contract module exports: models, and the input, output and payload of its contracts. */
function enumsIn(value: unknown, seen = new Set<unknown>()): z.ZodEnum[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (value instanceof z.ZodEnum) return [value];
  const parts =
    value instanceof z.ZodType ? [value.def, 'shape' in value.def && value.def.shape] : Object.values(value);
  return parts.flatMap((part) => enumsIn(part, seen));
}

const key = (values: readonly (string | number)[]): string => [...values].sort().join(' ');

describe('the values of enums', () => {
  it('are the same in each column and in the contract behind it', async () => {
    const found = Object.fromEntries((await Promise.all(services.map(allowedValues))).flat());
    expect(found).toEqual(
      Object.fromEntries(Object.entries(COLUMNS).map(([column, values]) => [column, [...values].sort()])),
    );
  });

  it('of each contract stand in a column, or in the list of those that no column holds', () => {
    const known = new Set([...Object.values(COLUMNS), ...UNCONSTRAINED].map(key));
    const unknown = enumsIn([{ ...media }, { ...notification }, { ...user }, { ...post }]).map(
      ({ options }) => options,
    );
    expect(unknown.filter((options) => !known.has(key(options)))).toEqual([]);
  });
});
