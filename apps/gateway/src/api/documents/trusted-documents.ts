import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Id = z.string().min(1).max(200);
/** As Relay, GraphQL Code Generator and others write it: texts by their ids. */
const TextsById = z.record(Id, z.string());
const ApolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: Id, body: z.string() })),
});

/** The documents that the clients of this server were built with. */
export interface TrustedDocuments {
  textOf: (id: string) => string | undefined;
  /** Whether a text is one of them, whatever its id is. */
  has: (text: string) => boolean;
  ids: readonly string[];
}

/** Reads a manifest of documents: JSON with texts by their ids, or the manifest of Apollo's generator. Throws for any other file. */
export function readTrustedDocuments(path: string): TrustedDocuments {
  const manifest = z.union([ApolloManifest, TextsById]).safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!manifest.success) throw new Error(`${path} is no manifest of documents.`);
  const texts = new Map(entriesOf(manifest.data));
  const hashes = new Set([...texts.values()].map(sha256));
  return { textOf: (id) => texts.get(id), has: (text) => hashes.has(sha256(text)), ids: [...texts.keys()] };
}

/** The SHA-256 of a text, in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const entriesOf = (manifest: z.output<typeof ApolloManifest> | z.output<typeof TextsById>): [string, string][] =>
  Array.isArray(manifest.operations)
    ? manifest.operations.map(({ id, body }) => [id, body])
    : Object.entries(manifest as z.output<typeof TextsById>);
