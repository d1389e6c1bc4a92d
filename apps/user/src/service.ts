import type { ServiceDefinition } from '@fowergram/service-kit';
import { AppModule } from './app.module.js';
import { config, type Config } from './config.js';
import { NAME } from './name.js';

export const service: ServiceDefinition<Config> = {
  name: NAME,
  readConfig: config.read,
  module: (given) => AppModule.with(given),
};
