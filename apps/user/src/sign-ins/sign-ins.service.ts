import { Injectable } from '@nestjs/common';
import {
  decodePosition,
  encodePosition,
  NEWEST,
  type Output,
  type Page,
  type Parsed,
  toPage,
} from '@fowergram/contracts-core';
import type { Client, SignIn, signInRpc } from '@fowergram/contracts-user';
import { deviceOf } from './devices.rules.js';
import { SignInsRepository, type SignInRow } from './sign-ins.repository.js';
import { isNewDevice, isSuccessful, storable, SUCCESSFUL } from './sign-ins.rules.js';

@Injectable()
export class SignInsService {
  constructor(private readonly signIns: SignInsRepository) {}

  async record({
    userId,
    client,
    method,
    outcome,
    sessionHandle,
  }: Parsed<typeof signInRpc.record>): Promise<Output<typeof signInRpc.record>> {
    const { ipAddress, userAgent } = storableClient(client);
    const device = deviceOf(userAgent);
    const isNew = isNewDevice(device, outcome, await this.signIns.userAgents(userId, SUCCESSFUL));
    // Only the line that began a session is the session's line: a wrong code before it or a reuse after it are lines of their own.
    const begun = isSuccessful(outcome) && sessionHandle !== null ? storable(sessionHandle) : null;
    await this.signIns.insert({ userId, method, outcome, sessionHandle: begun, ipAddress, userAgent });
    return { isNewDevice: isNew, device };
  }

  async touch({ userId, client, sessionHandle }: Parsed<typeof signInRpc.touch>): Promise<Record<string, never>> {
    await this.signIns.touch(userId, storable(sessionHandle), storableClient(client));
    return {};
  }

  async list({ userId, first, after }: Parsed<typeof signInRpc.list>): Promise<Page<SignIn>> {
    const rows = await this.signIns.newest(userId, after ? decodePosition(after) : NEWEST, first + 1);
    return toPage(rows, first, (row) => ({
      cursor: encodePosition({ at: row.createdAt, id: row.id }),
      node: toSignIn(row),
    }));
  }

  async bySessions({ userId, sessionHandles }: Parsed<typeof signInRpc.bySessions>): Promise<SignIn[]> {
    return (await this.signIns.bySessions(userId, sessionHandles.map(storable))).map(toSignIn);
  }
}

function storableClient({ ipAddress, userAgent }: Client): Client {
  return { ipAddress: storable(ipAddress), userAgent: storable(userAgent) };
}

function toSignIn(row: SignInRow): SignIn {
  return {
    ...row,
    device: deviceOf(row.userAgent),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
  };
}
