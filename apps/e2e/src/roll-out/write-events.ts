import { writeFileSync } from 'node:fs';
import { RELEASED, schemasOfNow } from './released-events.js';

writeFileSync(RELEASED, `${JSON.stringify(schemasOfNow(), null, 2)}\n`);
