import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, startProgram, testVariable } from '@fowergram/testing';

export interface TestPrometheus {
  /** How many series a query has now. */
  countOf(query: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a Prometheus that scrapes these addresses every two seconds, as the job that ours are scraped by. */
export async function startPrometheus(targets: string[]): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-prometheus-'));
  const config = join(folder, 'prometheus.json');
  // JSON is YAML, too.
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '2s', scrape_timeout: '2s' },
      scrape_configs: [{ job_name: 'fowergram', static_configs: [{ targets }] }],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram(testVariable('PROMETHEUS'), [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  const ask = async (query: string): Promise<number> => {
    const answer = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { data, error } = (await answer.json()) as { data?: { result: unknown[] }; error?: string };
    if (!data) throw new Error(`${query}: ${error}`);
    return data.result.length;
  };
  // A rate needs two scrapes.
  await eventually(async () => {
    const scraped = await ask('count_over_time(process_start_time_seconds[2m]) > 2');
    if (scraped < targets.length) throw new Error(`${scraped} of ${targets.length} are scraped.`);
  });
  return {
    countOf: ask,
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The vectors that an alert compares: it has a result while it fires, and they have one at all times. */
export const comparedIn = (expr: string): string[] =>
  expr
    .split(/\n\s*(?:and|or)\s/)
    .map((part) => part.trim().replace(/^absent\((.*)\)$/, '$1'))
    .map((part) => part.replace(/\s*(?:[<>]=?|==)\s*[\d.* ]+$/, ''));
