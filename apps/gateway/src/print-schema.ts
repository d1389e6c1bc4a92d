import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { type GraphQLSchema, printSchema } from 'graphql';
import { describeSchema } from './api/schema/describe-schema.js';
import { openapiText } from './rest/rest-catalogue.js';
import { resolvers, scalars } from './resolvers.js';

const HEADER =
  '# Generated from apps/gateway/src by `npm run generate`. The descriptions are the documentation of the API.\n\n';

/** The schema; no store and no broker is needed to know it. */
export async function readSchema(): Promise<GraphQLSchema> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  const schema = await app.get(GraphQLSchemaFactory).create(resolvers, scalars);
  await app.close();
  return describeSchema(schema);
}

/** The schema as text. */
export const schemaText = async (): Promise<string> => `${HEADER}${printSchema(await readSchema())}\n`;

async function main(): Promise<void> {
  keep('apps/gateway/schema.graphql', await schemaText());
  keep('apps/gateway/openapi.json', openapiText(await readSchema()));
}

/** Writes a file that is committed, or says that it is not fresh. */
function keep(path: string, text: string): void {
  const file = join(process.cwd(), path);
  if (!process.argv.includes('--check')) return writeFileSync(file, text);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  console.error(`${path} is not fresh: run npm run generate and commit the change.`);
  process.exitCode = 1;
}

if (process.argv[1]?.endsWith('print-schema.js')) await main();
