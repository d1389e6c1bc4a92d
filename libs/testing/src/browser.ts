import type { Browser } from 'playwright-core';
import { testVariable } from './test-env.js';

/** Starts Chromium without a window. */
export async function startBrowser(): Promise<Browser> {
  // Loaded here, since few tests have a browser and all of them load this library.
  const { chromium } = await import('playwright-core');
  // As root, as CI often is, Chromium does not start in its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: testVariable('CHROMIUM'), args });
}
