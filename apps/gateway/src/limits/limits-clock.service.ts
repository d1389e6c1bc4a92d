import { Injectable } from '@nestjs/common';

/** The time by which points come back; gateways need clocks that agree to a second or so, as their tokens do. */
@Injectable()
export class LimitsClock {
  now(): number {
    return Date.now();
  }
}
