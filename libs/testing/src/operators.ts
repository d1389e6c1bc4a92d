import type { INestApplicationContext } from '@nestjs/common';
import { OperatorServer } from '@fowergram/service-kit';

/** Asks a service of this process what its operators' port answers. */
export const askOperators = (app: INestApplicationContext, path: string) => app.get(OperatorServer).http.inject(path);
