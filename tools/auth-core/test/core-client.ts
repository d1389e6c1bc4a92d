import type { FastifyInstance } from 'fastify';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Request {
  method: Method;
  /** With its query. */
  url: string;
  headers?: Record<string, string>;
  /** As it goes over the wire. */
  body?: string;
}

export interface Answer {
  statusCode: number;
  headers: Record<string, unknown>;
  text: string;
  body: Body;
}

// The tests read answers of many shapes by name; a wrong name fails its expectation.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = any;

/** A client of a core: the stand-in in this process, or a core that runs elsewhere. */
export interface CoreClient {
  send(request: Request): Promise<Answer>;
  close(): Promise<void>;
}

export function coreClientOf(server: FastifyInstance): CoreClient {
  return {
    close: async () => void (await server.close()),
    send: async ({ method, url, headers, body }) => {
      const response = await server.inject({ method, url, headers, payload: body });
      return toAnswer(response.statusCode, response.headers, response.body);
    },
  };
}

export function coreClientTo(address: string): CoreClient {
  return {
    close: async () => undefined,
    send: async ({ method, url, headers, body }) => {
      const response = await fetch(`${address.replace(/\/$/, '')}${url}`, { method, headers, body });
      return toAnswer(response.status, Object.fromEntries(response.headers), await response.text());
    },
  };
}

function toAnswer(statusCode: number, headers: Record<string, unknown>, text: string): Answer {
  const isJson = String(headers['content-type']).startsWith('application/json');
  return { statusCode, headers, text, body: isJson ? JSON.parse(text) : undefined };
}
