import { SignJWT } from 'jose';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { SigningKey } from './keys.js';
import { ok, status, type Call, type Recipe } from './route.js';

export const jwt: Recipe = (core) => ({
  'POST /recipe/jwt': (call) => createJwt(core, call),
  'GET /.well-known/jwks.json': (call) => publishKeys(core, call),
});

async function createJwt(core: Core, { app, body }: Call) {
  const [algorithm, issuer] = [body.text('algorithm'), body.text('jwksDomain')];
  const [payload, validitySeconds] = [body.object('payload'), body.number('validity')];
  if (validitySeconds <= 0) throw badInput('validity must be greater than or equal to 0');
  const isStatic = body.findFlag('useStaticSigningKey') ?? true;
  if (algorithm.toUpperCase() !== 'RS256') return status('UNSUPPORTED_ALGORITHM_ERROR');
  const key = await core.keys.signer(app, isStatic ? 'static' : 'dynamic');
  const issuedAt = Math.floor(core.now() / 1000);
  const token = await new SignJWT({
    iss: issuer,
    ...payload,
    iat: issuedAt,
    exp: issuedAt + Math.floor(validitySeconds),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .sign(key.privateKey);
  return ok({ jwt: token });
}

async function publishKeys(core: Core, { app, reply }: Call) {
  const { keys, maxAgeSeconds } = await core.keys.published(app);
  reply.header('cache-control', `max-age=${maxAgeSeconds}, must-revalidate`);
  return { keys: keys.map(toJwk) };
}

function toJwk(key: SigningKey) {
  const { n, e } = key.publicKey.export({ format: 'jwk' });
  return { kty: 'RSA', kid: key.kid, n, e, alg: 'RS256', use: 'sig' };
}
