import type { ServiceDefinition } from '@fowergram/service-kit';
import { AppModule } from './app.module.js';
import { config, type Config } from './config.js';

export const service: ServiceDefinition<Config> = {
  name: 'post',
  readConfig: config.read,
  module: (given) => AppModule.with(given),
};
