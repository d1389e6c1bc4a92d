import { report as reportTo } from '../actions.js';
import { postPhoto, signUpTestUser } from '../test-users.js';
import type { Variables } from './cached-client.js';
import { inAnHour, type Change, type Changes, type Scene } from './change.js';

const REASON = 'a test';

/** Mutations of what moderators decide, and what is reported to them. */
export const moderationChanges: Changes = {
  suspendUser: async (scene) => {
    const { id, username } = await signUpTestUser(scene.network, 'culprit');
    const input = { userId: id, reason: REASON, until: inAnHour() };
    return moderation(scene, id, { input }, ['UserQuery', { username }]);
  },
  banUser: async (scene) => {
    const { id, username } = await signUpTestUser(scene.network, 'culprit');
    return moderation(scene, id, { input: { userId: id, reason: REASON } }, ['UserQuery', { username }]);
  },
  reinstateUser: async (scene) => {
    const { id } = await signUpTestUser(scene.network, 'culprit');
    const input = { userId: id, reason: REASON };
    await scene.admin.client.request('mutation ($input: ModerationInput!) { banUser(input: $input) { id } }', {
      input,
    });
    return moderation(scene, id, { input });
  },
  setUserRole: async (scene) => {
    const { id } = await signUpTestUser(scene.network, 'helper');
    return moderation(scene, id, { input: { userId: id, reason: REASON, role: 'MODERATOR' } });
  },
  setVerified: async (scene) => {
    const { id } = await signUpTestUser(scene.network, 'known');
    return moderation(scene, id, { input: { userId: id, reason: REASON, isVerified: true } });
  },
  report: async ({ other }) => {
    const id = await postPhoto(other, 'Bad');
    const input = { subjectId: id, reason: 'SPAM' };
    return { variables: { input }, shows: ['MeQuery', {}], hides: ['PostQuery', { id }], onlyHides: true };
  },
  hideContent: async ({ other, admin }) => {
    const post = await postPhoto(other, 'Bad');
    return { as: admin, variables: { subjectId: post, reason: REASON }, shows: ['ModeratedPostQuery', { post }] };
  },
  restoreContent: async ({ other, admin }) => {
    const post = await postPhoto(other, 'Good');
    await admin.client.request('mutation ($id: ID!) { hideContent(subjectId: $id, reason: "x") { id } }', { id: post });
    return { as: admin, variables: { subjectId: post, reason: REASON }, shows: ['ModeratedPostQuery', { post }] };
  },
  resolveReport: async ({ network, viewer, admin }) => {
    const { id } = await signUpTestUser(network, 'culprit');
    const report = await reportTo(viewer.client, id);
    const input = { id: report, outcome: 'NO_ACTION', note: REASON };
    return { as: admin, variables: { input }, shows: ['ReportStateQuery', { report }] };
  },
};

function moderation(scene: Scene, userId: string, variables: Variables, hides?: Change['hides']): Change {
  return { as: scene.admin, variables, shows: ['ModerationQuery', { userId }], ...(hides && { hides }) };
}
