import type { Rpc } from '@fowergram/contracts-core';
import type { ServiceScope } from '@fowergram/contracts-user';

/** A REST route: an operation of the GraphQL schema under an address of its own. Written once; the server and the OpenAPI document read it. */
export interface RestRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind /api/v1, with parameters as OpenAPI writes them, such as /posts/{id}. */
  path: string;
  /** The operationId: what generated clients call it. */
  id: string;
  summary: string;
  /** The operation. Its variables are the parameters and the body, `$input` is the body as a whole; fragments are those of shapes.ts. */
  document: string;
  /** What the operation asks a service: the bounds of texts, numbers and lists in a request are those of its input, by their names. */
  contract?: Rpc;
  /** True where nobody has to be signed in. */
  isPublic?: true;
  /** With this scope a service account may do it, too; without one none may. */
  scope?: ServiceScope;
  /** All that it shows is asked of services: where they answer the same questions as before, the body is the same. */
  isOfServices?: true;
  /** Answered with 201; the address of what was made, with fields of the answer in braces. */
  created?: string;
  /** Answered with 204: what it would show, the client knows. */
  isEmpty?: true;
  /** A change that wants an If-Match; its version is a count of changes, or a hash of the content. */
  ifMatch?: 'count' | 'hash';
}

type Given = Omit<RestRoute, 'method' | 'path'>;
const of = (method: RestRoute['method']) => (path: string, given: Given) => ({ method, path, ...given });

/** Declares a GET. */
export const get = of('GET');
/** Declares a POST. */
export const post = of('POST');
/** Declares a PUT. */
export const put = of('PUT');
/** Declares a PATCH. */
export const patch = of('PATCH');
/** Declares a DELETE. */
export const del = of('DELETE');

/** What anybody may read, a service account with this scope may, too; a route that names a scope of its own keeps it. */
export const readableWith = (scope: ServiceScope, group: readonly RestRoute[]): RestRoute[] =>
  group.map((route) => (route.isPublic && route.method === 'GET' ? { scope, ...route } : route));

/** The selection of one page of a list. */
export const pageOf = (shape: string): string =>
  `{ edges { node { ...${shape} } } pageInfo { hasNextPage endCursor } }`;

/** The variables of a page, and the arguments that take them. */
export const PAGE = '$limit: Int, $after: String';
export const AT_PAGE = 'first: $limit, after: $after';
