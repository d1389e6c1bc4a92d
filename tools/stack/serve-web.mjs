// `npm run web -- --api https://api.example.com --pictures https://pictures.example.com`: the web app for a gateway that runs elsewhere.
import { parseArgs } from 'node:util';
import { printFailure, StackError } from './errors.mjs';
import { installPackages, runStep } from './install.mjs';

/** What docker compose publishes. */
const defaults = { port: '3000', api: 'http://localhost:8000', pictures: 'http://localhost:9000' };
const options = Object.fromEntries(
  Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: value }]),
);

async function main(args) {
  const { port, api, pictures } = parseArgs({ args, options }).values;
  const [apiUrl, pictureUrl] = [addressOf('--api', api), addressOf('--pictures', pictures)];
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new StackError(`--port is "${port}", which is no port.`, 'Use: npm run web -- --port 3000');
  await installPackages(console.log);
  await runStep('web app', process.execPath, ['tools/build/web.mjs']);
  const { serveWeb } = await import('./web.mjs');
  const { url } = await serveWeb({ port: Number(port), apiUrl, pictureUrl });
  console.log(`The web app is at ${url}, for the gateway at ${apiUrl} and pictures from ${pictureUrl}.`);
}

/** The origin of an address: pages name no more of it. */
function addressOf(name, text) {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return new URL(text).origin;
  throw new StackError(`${name} is "${text}", which is no address.`, `Use: npm run web -- ${name} ${defaults.api}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
