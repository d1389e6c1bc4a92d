import { createDatabase, type TestDatabase } from '@fowergram/testing';
import pg from 'pg';
import { MISPLACED } from '../src/visibility/visibility.repository.js';

const MEDIA = 20_000;

describe('The sweep for misplaced media', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createDatabase('media');
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(FILL);
    await client.query('analyze');
    await client.query(`prepare misplaced as ${MISPLACED}`);
  });

  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it.each(['force_generic_plan', 'force_custom_plan'])(
    'reads the index of them and never all media, where one in twenty is hidden and none is misplaced (%s)',
    async (mode) => {
      await client.query(`set plan_cache_mode = ${mode}`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>('explain execute misplaced(16)');
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('media_misplaced');
      expect(plan).not.toContain('Seq Scan on media');
    },
  );
});

const FILL = `
  insert into media (id, owner_id, status, content_type, byte_size, width, height, blurhash, variants, free_since, claim_hidden, stored_hidden)
  select gen_random_uuid(), gen_random_uuid(), 'READY', 'image/jpeg', 1, 1, 1, 'a', '[{}]', now(), n % 20 = 0, n % 20 = 0
  from generate_series(1, ${MEDIA}) n`;
