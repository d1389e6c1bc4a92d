import { Redis } from 'ioredis';
import { Client } from 'minio';
import { Database } from '@fowergram/database';
import type { InProcessNetwork } from './network-in-process.js';

/** Everywhere in the databases, Redis and the object store that has one of these words; whatever table is added is searched too. */
export async function findStoredData(network: InProcessNetwork, words: string[]): Promise<string[]> {
  const found = await Promise.all([
    findColumns(network, words),
    inRedis(network.redisUrl, words),
    inStore(network.objects, words),
  ]);
  return found.flat().sort();
}

/** The columns of all databases that have one of these words, in a row without any of the others, as `service.table.column`. */
export async function findColumns(
  { databases }: InProcessNetwork,
  words: string[],
  without: string[] = [],
): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(databases).map(([name, url]) => inDatabase(name, url, words, without)),
  );
  return found.flat();
}

const has = (text: string, words: string[]): boolean =>
  words.some((word) => text.toLowerCase().includes(word.toLowerCase()));

async function inDatabase(name: string, url: string, words: string[], without: string[]): Promise<string[]> {
  const db = new Database({ url, max: 1 });
  try {
    const columns = await db.query<{ table: string; column: string }>(`
      select table_name as table, column_name as column from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`);
    const locations: string[] = [];
    for (const { table, column } of columns) {
      const hits = await db.query(
        `select from "${table}" t, unnest($1::text[]) word where strpos(lower(t."${column}"::text), lower(word)) > 0
          and not exists (select from unnest($2::text[]) other where strpos(lower(t::text), lower(other)) > 0) limit 1`,
        [words, without],
      );
      if (hits.length > 0) locations.push(`${name}.${table}.${column}`);
    }
    return locations;
  } finally {
    await db.close();
  }
}

async function inRedis(url: string, words: string[]): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    const texts = await Promise.all(keys.map(async (key) => `${key} ${await valueOf(redis, key)}`));
    return texts.filter((text) => has(text, words)).map((text) => `redis ${text}`);
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<string> {
  const read: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, 0, -1),
    hash: () => redis.hgetall(key),
    stream: () => redis.xrange(key, '-', '+'),
  };
  return JSON.stringify(await read[await redis.type(key)]?.());
}

async function inStore(
  { endpoint, accessKey, secretKey, bucket }: InProcessNetwork['objects'],
  words: string[],
): Promise<string[]> {
  const { hostname, port } = new URL(endpoint);
  const store = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    region: 'us-east-1',
    accessKey,
    secretKey,
  });
  const locations: string[] = [];
  for await (const { name } of store.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>)
    if (has(name, words)) locations.push(`object ${name}`);
  return locations;
}
