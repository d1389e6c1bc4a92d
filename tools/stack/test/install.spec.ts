import { runStep } from '../install.mjs';

const node = (script: string) => runStep('the script', process.execPath, ['-e', script]);

describe('a step that another program does', () => {
  it('answers all that it printed, however much, and nothing of what it complained about', async () => {
    const printed = await node(`console.error('a warning'); console.log(JSON.stringify('x'.repeat(200_000)))`);
    expect((JSON.parse(printed) as string).length).toBe(200_000);
  });

  it('fails with the last words of the program', async () => {
    await expect(node(`console.error('the reason'); process.exit(3)`)).rejects.toThrow(/exit code 3[^]*the reason/);
  });
});
