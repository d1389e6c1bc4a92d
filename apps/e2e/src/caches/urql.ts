import type { Client } from '@urql/core';
import { type CreateClient, type Operations, withoutTypenames } from './cached-client.js';
import type { CodeFolder } from './page-code.js';

interface PageCode {
  createClient(url: string, fetchAsUser: typeof fetch): Client;
}

/** urql with graphcache as the page sets it up. */
export async function urql(code: CodeFolder, operations: Operations): Promise<CreateClient> {
  const page = await code.pageCode<PageCode>('caches.md', 'urql');
  return (url, fetchAsUser) => {
    const client = page.createClient(url, fetchAsUser);
    return {
      load: async (query, variables) => {
        const { error } = await client.query(operations[query]!, variables, { requestPolicy: 'network-only' });
        if (error) throw error;
      },
      shown: async (query, variables) => {
        const { data } = await client.query<object>(operations[query]!, variables, { requestPolicy: 'cache-only' });
        return data == null ? undefined : withoutTypenames(data);
      },
      change: async (mutation, variables) => {
        const { error } = await client.mutation(operations[mutation]!, variables);
        if (error) throw error;
      },
    };
  };
}
