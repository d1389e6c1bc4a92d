import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  commitMutation,
  type ConcreteRequest,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
} from 'relay-runtime';
import type { CreateClient, Operations, Variables } from './cached-client.js';
import type { CodeFolder } from './page-code.js';

interface PageCode {
  createEnvironment(url: string, fetchAsUser: typeof fetch): Environment;
}

const run = promisify(execFile);

/** Relay as the page sets it up, with its operations compiled against the committed schema. */
export async function relay(code: CodeFolder, operations: Operations): Promise<CreateClient> {
  const page = await code.pageCode<PageCode>('caches.md', 'relay');
  const compiled = await compile(code.path, operations);
  return (url, fetchAsUser) => {
    const environment = page.createEnvironment(url, fetchAsUser);
    const describe = (name: string, variables: Variables) => createOperationDescriptor(compiled[name]!, variables);
    return {
      load: async (query, variables) => {
        await fetchQuery(environment, compiled[query]!, variables).toPromise();
        environment.retain(describe(query, variables));
      },
      shown: async (query, variables) => {
        const operation = describe(query, variables);
        if (environment.check(operation).status !== 'available') return undefined;
        return environment.lookup(operation.fragment).data as object;
      },
      change: (mutation, variables) =>
        new Promise((resolve, reject) => {
          commitMutation(environment, {
            mutation: compiled[mutation]!,
            variables,
            onCompleted: (_answer, errors) => (errors ? reject(new Error(errors[0]!.message)) : resolve()),
            onError: reject,
          });
        }),
    };
  };
}

/** The compiler wants each operation in a module whose name it begins with. */
async function compile(folder: string, operations: Operations): Promise<Record<string, ConcreteRequest>> {
  const [sources, artifacts] = [join(folder, 'operations'), join(folder, 'artifacts')];
  for (const path of [sources, artifacts]) mkdirSync(path);
  for (const [name, text] of Object.entries(operations))
    writeFileSync(join(sources, `${name.replace(/(Query|Mutation)$/, '')}.js`), `graphql\`${text}\`;`);
  const config = join(folder, 'relay.config.json');
  const schema = join(process.cwd(), 'apps/gateway/schema.graphql');
  writeFileSync(
    config,
    JSON.stringify({
      src: sources,
      artifactDirectory: artifacts,
      schema,
      language: 'javascript',
      eagerEsModules: true,
    }),
  );
  await run(process.execPath, ['node_modules/relay-compiler/cli.js', config]);
  const compiled: Record<string, ConcreteRequest> = {};
  for (const file of readdirSync(artifacts)) {
    const module = join(artifacts, file.replace(/\.js$/, '.mjs'));
    renameSync(join(artifacts, file), module);
    const artifact = (await import(pathToFileURL(module).href)) as { default: ConcreteRequest };
    compiled[file.replace('.graphql.js', '')] = artifact.default;
  }
  return compiled;
}
