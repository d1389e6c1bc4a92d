import { Injectable } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';

/** Collects what this service listens on besides HTTP; the module that has a transport adds it. */
@Injectable()
export class Transports {
  private readonly strategies: CustomTransportStrategy[] = [];

  add(...strategies: CustomTransportStrategy[]): void {
    this.strategies.push(...strategies);
  }

  all(): readonly CustomTransportStrategy[] {
    return this.strategies;
  }
}
