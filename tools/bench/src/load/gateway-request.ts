import { requestBytes } from './http-connection.js';

/** The bytes of a GraphQL request as an app sends it. */
export function gatewayRequest(token: string, query: string, variables: object): Buffer {
  return requestBytes({ path: '/graphql', headers: { authorization: `Bearer ${token}` }, body: { query, variables } });
}
