import { AT_PAGE, del, get, PAGE, pageOf, type RestRoute } from '../rest-route.types.js';

/** Your account, with what nobody else sees, and where it is signed in. */
export const accountRoutes: RestRoute[] = [
  get('/me/account', {
    id: 'getMyAccount',
    summary: 'Your account, with what nobody else sees.',
    document: '{ myAccount { ...Account } }',
  }),
  get('/me/sessions', {
    id: 'listSessions',
    summary: 'Where you are signed in.',
    document: '{ mySessions { ...AccountSession } }',
  }),
  del('/me/sessions', {
    id: 'revokeOtherSessions',
    summary: 'Signs you out everywhere else.',
    isEmpty: true,
    document: 'mutation { revokeOtherSessions { sessionIds } }',
  }),
  del('/me/sessions/{id}', {
    id: 'revokeSession',
    summary: 'Signs one of your sessions out.',
    isEmpty: true,
    document: 'mutation ($id: ID!) { revokeSession(id: $id) { sessionId } }',
  }),
  get('/me/sign-ins', {
    id: 'listSignIns',
    summary: 'Your login history.',
    document: `query (${PAGE}) { signInHistory(${AT_PAGE}) ${pageOf('SignIn')} }`,
  }),
];
