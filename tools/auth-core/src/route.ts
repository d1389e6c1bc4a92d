import type { FastifyReply } from 'fastify';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { Input } from './input.js';

/** One request, after its app was found and before its fields were read. */
export interface Call {
  app: App;
  tenantId: string;
  query: Input;
  body: Input;
  /** The `rid` header: two recipes share the path `PUT /recipe/user`. */
  recipeId: string | undefined;
  reply: FastifyReply;
}

export type RouteName = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/** An object is answered as JSON, a string as text. */
export type Handler = (call: Call) => Promise<object | string>;

/** A recipe is its table of contents: which request is answered by which function. */
export type Recipe = (core: Core) => Record<RouteName, Handler>;

export function ok<Fields extends object>(fields?: Fields) {
  return { status: 'OK' as const, ...fields };
}

export function status<Name extends string, Fields extends object>(name: Name, fields?: Fields) {
  return { status: name, ...fields };
}
