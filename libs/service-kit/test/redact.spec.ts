import { commonVariables, createLogger, defineConfig } from '../src/index.js';

const config = defineConfig(commonVariables).read({ ENVIRONMENT: 'test', LOG_LEVEL: 'info' });

describe('What a line of the log never holds', () => {
  let written = '';
  const log = createLogger('probe', config, { write: (line) => (written += line) });

  beforeEach(() => {
    written = '';
  });

  it.each<[string, object]>([
    ['a password, however deep', { request: { body: { form: [{ credentials: { password: 'hunter2' } }] } } }],
    ['a token by another name', { headers: [{ refreshToken: 'hunter2', 'set-cookie': 'hunter2', apiKey: 'hunter2' }] }],
    [
      'the address of a store in an error',
      { err: new Error('no answer of postgres://ann:hunter2@10.0.0.7:5432/post') },
    ],
    [
      'the same in the cause of an error',
      { err: new Error('failed', { cause: new Error('nats://ann:hunter2@nats:4222') }) },
    ],
    ['a field of an error', { err: Object.assign(new Error('failed'), { options: { auth: { secret: 'hunter2' } } }) }],
    ['a mail address', { err: new Error('Key (email)=(hunter2@example.com) already exists.') }],
    ['a header of authorization in a text', { said: 'sent Bearer hunter2.abc-def' }],
    ['a session token in a text', { said: ['got eyJhbGciOiJhunter2.eyJzdWIiOiIx.c2lnbmF0dXJl'] }],
  ])('is %s', (_what, fields) => {
    log.info(fields, 'done');
    expect(written).toContain('"msg":"done"');
    expect(written).not.toContain('hunter2');
  });

  it('is neither what helps to find a fault: ids, counts, dates, codes and texts without secrets', () => {
    const at = new Date();
    const err = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    log.info({ postId: 'p1', tries: 3, at, path: ['input', 'caption'], err }, 'failed');
    expect(JSON.parse(written)).toMatchObject({
      postId: 'p1',
      tries: 3,
      at: at.toISOString(),
      path: ['input', 'caption'],
      err: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
    });
  });

  it('is what an object holds that refers to itself', () => {
    const object: Record<string, unknown> = { id: '1' };
    object.self = object;
    log.info({ object }, 'done');
    expect(written).toContain('[too deep]');
  });
});
