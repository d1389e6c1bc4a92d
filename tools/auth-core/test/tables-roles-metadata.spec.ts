import { expectText, refusesWrongFields } from './table.js';
import { World } from './world.js';

/** Roles, permissions and metadata, field by field. */
let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

const given = { userId: 'x', role: 'x' };

refusesWrongFields(
  () => world,
  [
    { request: 'PUT /recipe/role', fields: { role: 'x' }, optional: { permissions: [] } },
    { request: 'GET /recipe/role/permissions', fields: { role: 'x' } },
    { request: 'GET /recipe/permission/roles', fields: { permission: 'x' } },
    { request: 'POST /recipe/role/permissions/remove', fields: { role: 'x' }, optional: { permissions: [] } },
    { request: 'POST /recipe/role/remove', fields: { role: 'x' } },
    { request: 'PUT /public/recipe/user/role', fields: given },
    { request: 'POST /public/recipe/user/role/remove', fields: given },
    { request: 'GET /public/recipe/user/roles', fields: { userId: 'x' } },
    { request: 'GET /public/recipe/role/users', fields: { role: 'x' } },
    { request: 'GET /recipe/user/metadata', fields: { userId: 'x' } },
    { request: 'PUT /recipe/user/metadata', fields: { userId: 'x', metadataUpdate: {} } },
    { request: 'POST /recipe/user/metadata/remove', fields: { userId: 'x' } },
  ],
);

describe('roles', () => {
  it('have a name, and so have permissions', async () => {
    const empty = "Field name 'role' cannot be an empty String";
    await expectText(world, ['PUT /recipe/role', { role: ' ' }], 400, empty);
    await expectText(world, ['POST /recipe/role/remove', { role: '' }], 400, empty);
    await expectText(world, ['PUT /public/recipe/user/role', { userId: 'x', role: '' }], 400, empty);
    await expectText(
      world,
      ['PUT /recipe/role', { role: 'x', permissions: ['read', ' '] }],
      400,
      "Field name 'permissions' cannot contain an empty string",
    );
    await expectText(
      world,
      ['PUT /recipe/role', { role: 'x', permissions: ['read', 5] }],
      400,
      "Field name 'permissions' is invalid in JSON input",
    );
    await expectText(
      world,
      ['GET /recipe/permission/roles', { permission: ' ' }],
      400,
      "Field name 'permission' cannot be an empty String",
    );
  });

  it('are all listed, and the unknown have no roles, users or permissions', async () => {
    const [one, other, nobody] = [world.name('role'), world.name('role'), world.name('nobody')];
    for (const role of [one, other])
      expect(await world.put('/recipe/role', { role })).toEqual({ status: 'OK', createdNewRole: true });
    const { status, roles } = await world.get('/recipe/roles');
    expect([status, roles]).toEqual(['OK', expect.arrayContaining([one, other])]);
    expect(await world.get('/recipe/role/permissions', { role: one })).toEqual({ status: 'OK', permissions: [] });
    expect(await world.get('/public/recipe/role/users', { role: one })).toEqual({ status: 'OK', users: [] });
    expect(await world.get('/public/recipe/user/roles', { userId: nobody })).toEqual({ status: 'OK', roles: [] });
    expect(await world.get('/recipe/permission/roles', { permission: nobody })).toEqual({ status: 'OK', roles: [] });
    expect(await world.post('/recipe/role/permissions/remove', { role: nobody, permissions: [] })).toEqual({
      status: 'UNKNOWN_ROLE_ERROR',
    });
    expect(await world.post('/recipe/role/permissions/remove', { role: one, permissions: ['never given'] })).toEqual({
      status: 'OK',
    });
  });

  it('of one user are given one by one and lost with the role', async () => {
    const [userId, one, other] = [world.name('ann'), world.name('role'), world.name('role')];
    for (const role of [one, other]) {
      await world.put('/recipe/role', { role, permissions: [`${role}:read`] });
      expect(await world.put('/public/recipe/user/role', { userId, role })).toEqual({
        status: 'OK',
        didUserAlreadyHaveRole: false,
      });
    }
    expect((await world.get('/public/recipe/user/roles', { userId })).roles.sort()).toEqual([one, other].sort());
    expect(await world.post('/recipe/role/remove', { role: one })).toEqual({ status: 'OK', didRoleExist: true });
    expect(await world.get('/public/recipe/user/roles', { userId })).toEqual({ status: 'OK', roles: [other] });
    expect(await world.get('/recipe/permission/roles', { permission: `${one}:read` })).toEqual({
      status: 'OK',
      roles: [],
    });
    expect(await world.get('/public/recipe/role/users', { role: one })).toEqual({ status: 'UNKNOWN_ROLE_ERROR' });
  });

  it('carry permissions and are given to users', async () => {
    const [role, userId, write] = [world.name('editor'), world.name('ann'), world.name('write')];
    const put = (permissions?: string[]) => world.put('/recipe/role', { role: ` ${role} `, permissions });
    const permissionsOfRole = async () =>
      ((await world.get('/recipe/role/permissions', { role })).permissions as string[]).sort();
    expect(await put(['read', ` ${write} `])).toEqual({ status: 'OK', createdNewRole: true });
    expect(await put(['publish'])).toEqual({ status: 'OK', createdNewRole: false });
    expect(await permissionsOfRole()).toEqual(['publish', 'read', write]);
    expect((await world.get('/recipe/permission/roles', { permission: write })).roles).toEqual([role]);
    const given = { userId, role };
    expect(await world.put('/public/recipe/user/role', given)).toEqual({ status: 'OK', didUserAlreadyHaveRole: false });
    expect(await world.put('/public/recipe/user/role', given)).toEqual({ status: 'OK', didUserAlreadyHaveRole: true });
    expect((await world.get('/public/recipe/role/users', { role })).users).toEqual([userId]);
    await world.post('/recipe/role/permissions/remove', { role, permissions: ['read'] });
    expect(await permissionsOfRole()).toEqual(['publish', write]);
    await world.post('/recipe/role/permissions/remove', { role });
    expect(await permissionsOfRole()).toEqual([]);
    expect(await world.post('/public/recipe/user/role/remove', given)).toEqual({ status: 'OK', didUserHaveRole: true });
    expect(await world.post('/public/recipe/user/role/remove', given)).toEqual({
      status: 'OK',
      didUserHaveRole: false,
    });
    await world.put('/public/recipe/user/role', given);
    expect(await world.post('/recipe/role/remove', { role })).toEqual({ status: 'OK', didRoleExist: true });
    expect((await world.get('/public/recipe/user/roles', { userId })).roles).toEqual([]);
  });

  it('that nobody made are unknown', async () => {
    const unknown = { status: 'UNKNOWN_ROLE_ERROR' };
    expect(await world.put('/public/recipe/user/role', { userId: 'ann', role: 'ghost' })).toEqual(unknown);
    expect(await world.post('/public/recipe/user/role/remove', { userId: 'ann', role: 'ghost' })).toEqual(unknown);
    expect(await world.get('/recipe/role/permissions', { role: 'ghost' })).toEqual(unknown);
    expect(await world.get('/public/recipe/role/users', { role: 'ghost' })).toEqual(unknown);
    expect(await world.post('/recipe/role/remove', { role: 'ghost' })).toEqual({ status: 'OK', didRoleExist: false });
    expect((await world.call('PUT', '/recipe/role', { role: '  ' })).statusCode).toBe(400);
  });
});

describe('metadata', () => {
  it('are whatever was put there, an empty object where nothing was', async () => {
    const userId = world.name('ann');
    expect(await world.get('/recipe/user/metadata', { userId })).toEqual({ status: 'OK', metadata: {} });
    const metadataUpdate = { text: 'ü 🐎', number: 1.5, list: [1, null], deep: { a: { b: null } }, 'odd key': false };
    expect(await world.put('/recipe/user/metadata', { userId, metadataUpdate })).toEqual({
      status: 'OK',
      metadata: metadataUpdate,
    });
    expect(
      await world.put('/recipe/user/metadata', { userId, metadataUpdate: { list: null, never: null } }),
    ).toMatchObject({ status: 'OK' });
    const { list: _list, ...kept } = metadataUpdate;
    expect(await world.get('/recipe/user/metadata', { userId })).toEqual({ status: 'OK', metadata: kept });
    for (const _turn of [1, 2])
      expect(await world.post('/recipe/user/metadata/remove', { userId })).toEqual({ status: 'OK' });
    expect(await world.get('/recipe/user/metadata', { userId })).toEqual({ status: 'OK', metadata: {} });
  });

  it('is merged at the top and only there', async () => {
    const userId = world.name('ann');
    const merge = async (metadataUpdate: object) =>
      (await world.put('/recipe/user/metadata', { userId, metadataUpdate })).metadata;
    expect((await world.get('/recipe/user/metadata', { userId })).metadata).toEqual({});
    expect(await merge({ theme: 'dark', deep: { a: 1, b: null } })).toEqual({ theme: 'dark', deep: { a: 1, b: null } });
    expect(await merge({ theme: null, deep: { c: 2 } })).toEqual({ deep: { c: 2 } });
    await world.post('/recipe/user/metadata/remove', { userId });
    expect((await world.get('/recipe/user/metadata', { userId })).metadata).toEqual({});
  });

  it('loses nothing to writers at the same time', async () => {
    const userId = world.name('busy');
    const keys = Array.from({ length: 12 }, (_, index) => `key${index}`);
    await Promise.all(
      keys.map((key) => world.put('/recipe/user/metadata', { userId, metadataUpdate: { [key]: true } })),
    );
    expect(Object.keys((await world.get('/recipe/user/metadata', { userId })).metadata).sort()).toEqual(keys.sort());
  });
});
