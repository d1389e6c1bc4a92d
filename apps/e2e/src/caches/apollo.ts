import type { ApolloClient, ApolloCache } from '@apollo/client/core';
import { parse } from 'graphql';
import { type CreateClient, type Operations, withoutTypenames } from './cached-client.js';
import type { CodeFolder } from './page-code.js';

interface PageCode {
  createClient(uri: string, fetchAsUser: typeof fetch): ApolloClient;
  updates: Record<string, (cache: ApolloCache, result: object) => void>;
}

/** Apollo Client as the page sets it up; `packageName` is what it is installed as. */
export async function apollo(code: CodeFolder, operations: Operations, packageName: string): Promise<CreateClient> {
  const page = await code.pageCode<PageCode>('caches.md', 'apollo', { '@apollo/client/core': packageName });
  const documents = Object.fromEntries(Object.entries(operations).map(([name, text]) => [name, parse(text)]));
  return (url, fetchAsUser) => {
    const client = page.createClient(url, fetchAsUser);
    return {
      load: async (query, variables) => {
        await client.query({ query: documents[query]!, variables, fetchPolicy: 'network-only' });
      },
      shown: async (query, variables) => {
        const data = client.readQuery<object>({ query: documents[query]!, variables });
        return data === null ? undefined : withoutTypenames(data);
      },
      change: async (mutation, variables) => {
        const update = page.updates[fieldOf(mutation)];
        await client.mutate({ mutation: documents[mutation]!, variables, ...(update && { update }) });
      },
    };
  };
}

/** An operation of the page is called like the field that it asks for. */
const fieldOf = (mutation: string): string => mutation[0]!.toLowerCase() + mutation.slice(1, -'Mutation'.length);
