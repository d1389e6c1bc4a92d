// The limit that createPost is measured against: Fastify, one prepared insert of one row, committed, in one process.
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { serveParent } from '../serve-parent.js';

export interface BareInsert {
  databaseUrl: string;
  poolSize: number;
}

serveParent(async ({ databaseUrl, poolSize }: BareInsert) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  await pool.query(
    'create table post (id uuid primary key, author_id uuid not null, caption text not null, media_ids uuid[] not null, created_at timestamptz not null default now())',
  );
  const app = fastify();
  app.post<{ Body: { authorId: string; caption: string; mediaIds: string[] } }>('/posts', async ({ body }) => {
    const id = uuidv7();
    const { rows } = await pool.query<{ created_at: Date }>({
      name: 'insert-post',
      text: 'insert into post (id, author_id, caption, media_ids) values ($1, $2, $3, $4) returning created_at',
      values: [id, body.authorId, body.caption, body.mediaIds],
    });
    return { id, createdAt: rows[0]!.created_at };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
});
