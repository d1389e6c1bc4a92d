import fastify, { type FastifyInstance } from 'fastify';
import { CORRELATION_HEADER } from '../../src/http/correlation-id.js';
import { formErrors } from '../../src/http/error-form.js';

/** What a framework or a library answers by itself, and what becomes of it. */
const answers: [string, string, number, object, object][] = [
  [
    'a claim that is not in order, as the auth library says it',
    '/graphql',
    403,
    { message: 'invalid claim', claimValidationErrors: [{ id: '2fa' }] },
    {
      message: 'invalid claim',
      claimValidationErrors: [{ id: '2fa' }],
      type: '/api/problems/FORBIDDEN',
      title: 'Forbidden',
      status: 403,
      detail: 'This is not allowed.',
      code: 'FORBIDDEN',
      correlationId: 'c-1',
      errors: [{ message: 'invalid claim', extensions: { code: 'FORBIDDEN', correlationId: 'c-1' } }],
    },
  ],
  [
    'an error of ours',
    '/elsewhere?a=/graphql',
    429,
    { code: 'RATE_LIMITED', message: 'Too many.', reason: 'LIKES', retryAfterSeconds: 7 },
    {
      type: '/api/problems/RATE_LIMITED',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Too many.',
      code: 'RATE_LIMITED',
      message: 'Too many.',
      reason: 'LIKES',
      retryAfterSeconds: 7,
      correlationId: 'c-1',
      errors: [
        {
          message: 'Too many.',
          extensions: { code: 'RATE_LIMITED', reason: 'LIKES', retryAfterSeconds: 7, correlationId: 'c-1' },
        },
      ],
    },
  ],
  [
    'an error of ours where operations are sent',
    '/graphql?query=x',
    404,
    { code: 'NOT_FOUND', message: 'There is none.', path: ['id'] },
    { errors: [{ message: 'There is none.', extensions: { code: 'NOT_FOUND', path: ['id'], correlationId: 'c-1' } }] },
  ],
  [
    'a failure that says nothing of itself',
    '/elsewhere',
    500,
    {},
    {
      type: '/api/problems/INTERNAL',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong on our side.',
      code: 'INTERNAL',
      correlationId: 'c-1',
      errors: [
        { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', correlationId: 'c-1' } },
      ],
    },
  ],
  [
    'what has the form already',
    '/graphql',
    400,
    { errors: [{ message: 'No.', extensions: { code: 'BAD_USER_INPUT' } }] },
    { errors: [{ message: 'No.', extensions: { code: 'BAD_USER_INPUT' } }] },
  ],
  ['what is no error', '/elsewhere', 200, { status: 'OK' }, { status: 'OK' }],
];

describe('The form of errors', () => {
  let app: FastifyInstance;
  let answer: { status: number; body: object };

  beforeAll(async () => {
    app = fastify();
    formErrors(app, '/graphql');
    app.all('/*', (_request, reply) => reply.header(CORRELATION_HEADER, 'c-1').code(answer.status).send(answer.body));
    await app.ready();
  });
  afterAll(() => app?.close());

  it.each(answers)('is given to %s', async (_name, url, status, body, expected) => {
    answer = { status, body };
    const { statusCode, json } = await app.inject({ url });
    expect([statusCode, json()]).toEqual([status, expected]);
  });
});
