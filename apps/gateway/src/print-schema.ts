import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { printSchema } from 'graphql';
import { describeSchema } from './api/schema/describe-schema.js';
import { resolvers, scalars } from './resolvers.js';

const HEADER =
  '# Generated from apps/gateway/src by `npm run generate`. The descriptions are the documentation of the API.\n\n';

/** The schema as text; no store and no broker is needed to know it. */
export async function schemaText(): Promise<string> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  const schema = await app.get(GraphQLSchemaFactory).create(resolvers, scalars);
  await app.close();
  return `${HEADER}${printSchema(describeSchema(schema))}\n`;
}

async function main(): Promise<void> {
  const file = join(process.cwd(), 'apps/gateway/schema.graphql');
  const text = await schemaText();
  if (!process.argv.includes('--check')) return writeFileSync(file, text);
  if (readFileSync(file, 'utf8') === text) return;
  console.error('apps/gateway/schema.graphql is not fresh: run npm run generate and commit the change.');
  process.exitCode = 1;
}

if (process.argv[1]?.endsWith('print-schema.js')) await main();
