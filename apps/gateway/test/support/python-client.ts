import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const docs = readFileSync('docs/grpc.md', 'utf8');
const [commands, client] = ['sh\npython3 -m pip', 'python\n# client.py'].map(
  (begins) => docs.slice(docs.indexOf('```' + begins) + 3).split('```')[0]!,
);
const packages = commands!.match(/grpcio[\w-]*==[\d.]+/g)!;
const protos = commands!.match(/fowergram\/[\w/]+\.proto/g)!;
/** Fetched once for each version of the packages. */
const installed = resolve('.data', 'python', packages.join('+'));

/** Whether Python can install packages here. */
export const hasPip = (): boolean => spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

export interface PythonClient {
  /** Everything that it has printed. */
  output(): string;
  stop(): Promise<void>;
}

/** The client of docs/grpc.md, made in a folder of its own by the commands of that page, and started with these variables. */
export async function startPythonClient(variables: Record<string, string>): Promise<PythonClient> {
  const cwd = mkdtempSync(join(tmpdir(), 'python-client-'));
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONPATH: installed };
  if (!existsSync(join(installed, 'grpc_tools')))
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', installed, ...packages]);
  const out = ['--python_out', '.', '--grpc_python_out', '.'];
  const folder = resolve('libs/contracts/grpc/proto');
  await run('python3', ['-m', 'grpc_tools.protoc', '--proto_path', folder, ...out, ...protos], { cwd, env });
  writeFileSync(join(cwd, 'client.py'), client!.replace('python\n', ''));
  const child = spawn('python3', ['-u', 'client.py'], { cwd, env: { ...env, ...variables } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close');
  return {
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
