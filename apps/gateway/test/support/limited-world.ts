import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { anAddress, openWorld, signUpForm } from './world.js';

export const RIGHT = 'correct-horse-1';
export const WRONG_CREDENTIALS = [200, 'WRONG_CREDENTIALS_ERROR'];
export const REFUSED = [429, 'RATE_LIMITED'];
export const OK = [200, 'OK'];

export const aName = () => `q_${randomBytes(6).toString('hex')}`;
export const anEmail = () => `${aName()}@example.com`;

export interface Answer {
  status?: string;
  code?: string;
  message?: string;
  retryAfterSeconds?: number;
  exists?: boolean;
}

export const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_none, index) => work(index)));
export const count = (answers: unknown[], wanted: unknown[]) =>
  answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(wanted)).length;

export const signInForm = (email: string, password: string) => ({
  formFields: signUpForm('', email, password).formFields.slice(0, 2),
});

export type LimitedWorld = Awaited<ReturnType<typeof openLimitedWorld>>;

/** The gateway, short ways of trying what is limited, and the points that are counted. */
export async function openLimitedWorld() {
  const world = await openWorld();
  const redis = new Redis(world.redis.url);

  /** Sends from an address, a new one by default, and gives the status with the code of the answer. */
  const send = async (
    path: string,
    body: unknown,
    from = anAddress(),
    headers = {},
  ): Promise<[number, string | undefined]> => {
    const response = await world.post(path, body, { 'x-forwarded-for': from, ...headers });
    const answer = (await response.json()) as Answer;
    return [response.status, answer.code ?? answer.status];
  };

  return {
    world,
    redis,
    send,
    signIn: (email: string, password: string, from?: string) => send('/auth/signin', signInForm(email, password), from),
    /** As if this many points had been taken already. */
    used: (limit: string, key: string, points: number, seconds = 600) =>
      redis.set(`limit:${limit}:${key}`, points, 'EX', seconds),
    close: async () => {
      redis.disconnect();
      await world.close();
    },
  };
}
