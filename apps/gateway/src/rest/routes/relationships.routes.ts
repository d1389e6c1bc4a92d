import { mutedWordRpc } from '@fowergram/contracts-user';
import { AT_PAGE, del, get, PAGE, pageOf, post, put, type RestRoute } from '../rest-route.types.js';

const change = (id: string, summary: string) => ({
  id,
  summary,
  document: `mutation ($id: ID!) { ${id}(userId: $id) { ...RelationshipToUser } }`,
});

/** A list of users that is yours alone. */
const ownList = (path: string, field: string, id: string, summary: string): RestRoute =>
  get(`/me/${path}`, {
    id,
    summary,
    document: `query (${PAGE}) { ${field}(${AT_PAGE}) ${pageOf('UserSummary')} }`,
  });

/** How you stand to others, beside following them. */
export const relationshipRoutes: RestRoute[] = [
  ownList('follow-requests', 'followRequests', 'listFollowRequests', 'Who asks to follow you.'),
  ownList('sent-follow-requests', 'sentFollowRequests', 'listSentFollowRequests', 'Whom you ask to follow.'),
  ownList('blocked-users', 'blockedUsers', 'listBlockedUsers', 'Whom you block.'),
  ownList('muted-users', 'mutedUsers', 'listMutedUsers', 'Whom you mute.'),
  ownList('close-friends', 'closeFriends', 'listCloseFriends', 'Your close friends.'),
  ownList('suggested-users', 'suggestedUsers', 'listSuggestedUsers', 'Users whom you may know.'),
  del('/me/suggested-users/{id}', {
    id: 'dismissSuggestion',
    summary: 'Keeps a user out of your suggestions.',
    isEmpty: true,
    document: 'mutation ($id: ID!) { dismissSuggestion(userId: $id) }',
  }),
  put('/me/follow-requests/{id}', change('acceptFollowRequest', 'Lets a user follow you who asked to.')),
  del('/me/follow-requests/{id}', change('rejectFollowRequest', 'Takes a request to follow you off your list.')),
  del('/me/followers/{id}', change('removeFollower', 'Lets a user follow you no longer.')),
  put('/users/{id}/block', change('blockUser', 'Blocks a user.')),
  del('/users/{id}/block', change('unblockUser', 'Blocks a user no longer.')),
  put('/users/{id}/mute', {
    id: 'muteUser',
    summary: 'Mutes posts or notifications of a user.',
    document: `mutation ($id: ID!, $posts: Boolean, $notifications: Boolean, $until: DateTime) {
      muteUser(userId: $id, posts: $posts, notifications: $notifications, until: $until) { ...RelationshipToUser }
    }`,
  }),
  del('/users/{id}/mute', change('unmuteUser', 'Mutes a user no longer.')),
  put('/me/close-friends/{id}', change('addCloseFriend', 'Makes a user a close friend.')),
  del('/me/close-friends/{id}', change('removeCloseFriend', 'Takes a user off your close friends.')),
  get('/me/muted-words', {
    id: 'listMutedWords',
    summary: 'The words that you have muted.',
    document: '{ mutedWords { ...MutedWord } }',
  }),
  post('/me/muted-words', {
    id: 'addMutedWord',
    contract: mutedWordRpc.add,
    summary: 'Mutes a word.',
    created: '/me/muted-words/{id}',
    document: 'mutation ($input: AddMutedWordInput!) { addMutedWord(input: $input) { ...MutedWord } }',
  }),
  del('/me/muted-words/{id}', {
    id: 'removeMutedWord',
    summary: 'Mutes a word no longer.',
    isEmpty: true,
    document: 'mutation ($id: ID!) { removeMutedWord(id: $id) }',
  }),
];
