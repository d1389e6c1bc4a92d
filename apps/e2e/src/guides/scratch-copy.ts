import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EditedFile } from './edited-file.js';
import type { Block } from './guide.js';

const run = promisify(execFile);

/** What a step may take at most: a test that hangs must not outlive the run. */
const TIMEOUT_MS = 180_000;

interface TestFile {
  message: string;
  assertionResults: { title: string; status: string; failureMessages: string[] }[];
}

/** The tree as it is now, in a folder of its own, where guides may change what they like. */
export class ScratchCopy {
  private readonly edited = new Map<string, EditedFile>();

  private constructor(private readonly folder: string) {}

  static async make(root: string): Promise<ScratchCopy> {
    const folder = mkdtempSync(join(tmpdir(), 'how-to-'));
    const copy = 'git ls-files -z --cached --others --exclude-standard | tar --null -T - -c | tar -x -C "$0"';
    await run('bash', ['-o', 'pipefail', '-c', copy, folder], { cwd: root });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const service of readdirSync(join(root, 'prisma'))) {
      const client = join('apps', service, 'src/generated');
      cpSync(join(root, client), join(folder, client), { recursive: true });
    }
    // Nx finds the files of a workspace by git.
    await run('git', ['init', '--quiet'], { cwd: folder });
    return new ScratchCopy(folder);
  }

  /** Runs a generator as the guide writes it; guides are inserted afterwards. */
  async generate(command: string): Promise<void> {
    const [, ...args] = command.split(' ');
    await this.node(['node_modules/nx/dist/bin/nx.js', ...args], { NX_WORKSPACE_ROOT_PATH: this.folder });
  }

  insert(block: Block): void {
    const { file, relation } = block.place!;
    const path = join(this.folder, file);
    if (existsSync(path) === (relation === 'whole'))
      throw new Error(`${block.guide}:${block.line}: ${file} ${relation === 'whole' ? 'exists' : 'does not exist'}`);
    const edited =
      this.edited.get(file) ?? new EditedFile(file, relation === 'whole' ? '' : readFileSync(path, 'utf8'));
    this.edited.set(file, edited);
    edited.insert(block);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, edited.text);
  }

  /** Makes the Prisma clients of the schemas that guides have changed. */
  async generatePrisma(): Promise<void> {
    await this.node(['tools/build/generate.mjs']);
  }

  /** What the compiler has against the whole tree, each with the line of the guide that it comes from. */
  async typeErrors(): Promise<string[]> {
    const args = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--pretty', 'false'];
    const output = await this.node(args).catch(({ stdout }: { stdout: string }) => stdout);
    return [...output.matchAll(/^(\S+?)\((\d+),\d+\): error (.*)$/gm)].map(([, file, line, message]) => {
      const origin = this.edited.get(file!)?.originOf(Number(line));
      return `${origin ?? `${file}:${line}`} ${message}`;
    });
  }

  /** Runs the tests with these titles and answers with what went wrong in each, by title. */
  async test(files: string[], titles: string[]): Promise<Map<string, string[]>> {
    const results = join(this.folder, 'results.json');
    const pattern = titles.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    const options = [
      '-c',
      'tools/jest/jest.config.mjs',
      '--runInBand',
      '--forceExit',
      '--json',
      `--outputFile=${results}`,
    ];
    const args = [
      `--cacheDirectory=${join(this.folder, 'jest-cache')}`,
      '--testNamePattern',
      pattern,
      '--runTestsByPath',
    ];
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
    await this.node([...jest, ...options, ...args, ...files]).catch(() => undefined);
    const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as { testResults: TestFile[] };
    return new Map(
      testResults.flatMap(({ message, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status !== 'pending')
          .map(({ title, status, failureMessages }) => [
            title,
            status === 'passed' ? [] : [...failureMessages, ...(failureMessages.length > 0 ? [] : [message])],
          ]),
      ),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async node(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const options = { cwd: this.folder, env: { ...process.env, ...env, NODE_OPTIONS: '' }, timeout: TIMEOUT_MS };
    return (await run(process.execPath, args, options)).stdout;
  }
}
