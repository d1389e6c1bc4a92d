import { join } from 'node:path';

/** Where the .proto files are, in the sources and in what is compiled alike. */
export const PROTO_FOLDER = join(import.meta.dirname, '../proto');

export const PROTO_FILES = [
  'fowergram/auth/v1/tokens.proto',
  'fowergram/v1/events.proto',
  'fowergram/v1/posts.proto',
  'fowergram/v1/users.proto',
];

/** How messages look in code: names in camel case, enums by their names, 64-bit numbers as strings, lists never absent. */
export const PROTO_LOADER = { keepCase: false, enums: String, longs: String, defaults: true, arrays: true };
