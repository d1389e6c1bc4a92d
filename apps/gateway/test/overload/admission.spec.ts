import { pino } from 'pino';
import { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { eventually } from '@fowergram/testing';
import { AdmissionService } from '../../src/overload/admission.service.js';
import type { LoopDelayService } from '../../src/overload/loop-delay.service.js';
import { OVERLOAD } from '../../src/overload/overload.config.js';
import { PaceService } from '../../src/overload/pace.service.js';

type Release = () => void;
const { pointsInFlight, shareOfOneCaller, dearPoints } = OVERLOAD;
const FEED = 700;
const DEAR = 10_000;

describe('the admission of operations', () => {
  let delay: { ms: number };
  let admission: AdmissionService;
  let pace: PaceService;
  let now: number;
  let names = 0;

  beforeEach(() => {
    delay = { ms: 0 };
    // Time stands still for it, so that nothing is measured: what is taken is all that may ever be.
    pace = new PaceService();
    pace.now = () => now;
    now = 0;
    admission = new AdmissionService(delay as LoopDelayService, pace, pino({ level: 'silent' }), new Registry());
  });

  const user = (userId = `user ${++names}`) => ({ userId, address: '192.0.2.1' });
  const visitor = (address = `192.0.2.${++names}`) => ({ userId: null, address });
  /** Enters at once, waits, or is refused. */
  const tryOf = (...args: Parameters<AdmissionService['enter']>) => {
    try {
      const entered = admission.enter(...args);
      if (!(entered instanceof Promise)) return { state: 'begun' as const, release: entered };
      const result = { state: 'waits' as 'waits' | 'begun' | 'refused', release: (() => undefined) as Release };
      entered.then(
        (release) => Object.assign(result, { state: 'begun', release }),
        () => (result.state = 'refused'),
      );
      return result;
    } catch (error) {
      expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { reason: 'OVERLOADED', retryAfterSeconds: 1 } });
      return { state: 'refused' as const, release: () => undefined };
    }
  };
  const isNow = async (tried: { state: string }, state: string) => {
    await eventually(() => tried.state !== 'waits');
    expect(tried.state).toBe(state);
  };
  /** Takes as many as begin at once. */
  const fill = (requester: () => ReturnType<typeof user> | ReturnType<typeof visitor>, points: number) => {
    const begun: Release[] = [];
    for (;;) {
      const entered = admission.enter(requester(), points);
      if (!(entered instanceof Promise)) begun.push(entered);
      else {
        // The one that found no room: it ends as soon as it begins.
        entered.then(
          (release) => release(),
          () => undefined,
        );
        return begun;
      }
    }
  };

  it('begins what there is room for, lets a bounded amount wait, and refuses the rest at once', async () => {
    const begun = fill(user, FEED);
    expect(begun).toHaveLength(Math.floor(pointsInFlight / FEED));
    const waiting = Array.from({ length: Math.floor(new PaceService().waiting / FEED) - 1 }, () => tryOf(user(), FEED));
    const beyond = Array.from({ length: 100 }, () => tryOf(user(), FEED));
    // A rejected promise is one turn away, and no timer.
    await new Promise((resolve) => setImmediate(resolve));
    expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(['waits']));
    expect(new Set(beyond.map(({ state }) => state))).toEqual(new Set(['refused']));
    for (const release of begun) release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(['begun']));
  });

  it('refuses what has waited for long, and has room for others then', async () => {
    const begun = fill(user, FEED);
    const late = tryOf(user(), FEED);
    await isNow(late, 'refused');
    begun[0]!();
    expect(tryOf(user(), FEED).state).toBe('begun');
  });

  it('keeps room for users when visitors ask for dear things, and for cheap things when users do', () => {
    fill(visitor, DEAR);
    expect([tryOf(visitor(), DEAR), tryOf(user(), DEAR)].map(({ state }) => state)).toEqual(['waits', 'begun']);
    fill(user, DEAR);
    expect([tryOf(user(), DEAR), tryOf(visitor(), FEED), tryOf(user(), FEED)].map(({ state }) => state)).toEqual([
      'waits',
      'waits',
      'begun',
    ]);
  });

  it('serves cheap work of users first when there is room again, and dear work of visitors last', async () => {
    const begun = fill(user, FEED);
    const order: string[] = [];
    const entrants = [
      ['dear visitor', visitor(), DEAR],
      ['visitor', visitor(), FEED],
      ['dear user', user(), dearPoints + 1],
      ['user', user(), FEED],
    ] as const;
    const all = entrants.map(async ([name, requester, points]) => {
      const release = await admission.enter(requester, points);
      order.push(name);
      release();
    });
    for (const release of begun) release();
    await Promise.all(all);
    expect(order).toEqual(['user', 'dear user', 'visitor', 'dear visitor']);
  });

  it('lets no caller have more than half of it, in flight and waiting', () => {
    const ann = user('ann');
    const begun = fill(() => ann, FEED);
    expect(begun).toHaveLength(Math.floor((pointsInFlight * shareOfOneCaller) / 100 / FEED));
    const waiting = Array.from({ length: 100 }, () => tryOf(ann, FEED));
    expect(waiting.filter(({ state }) => state === 'waits').length).toBeGreaterThan(0);
    expect(tryOf(user(), FEED).state).toBe('begun');
  });

  it('is not slowed down for others by one caller who waits for a share of their own', () => {
    const ann = user('ann');
    const begun = fill(() => ann, FEED);
    tryOf(ann, FEED);
    for (const release of begun) {
      now += 1_000;
      release();
    }
    expect(pace.inFlight).toBe(pointsInFlight);
  });

  it('keeps cheap work of users waiting for nothing that is refused before it, however much there is', () => {
    fill(visitor, DEAR);
    fill(visitor, FEED);
    fill(user, DEAR);
    const cheap = fill(user, FEED);
    expect(cheap).toHaveLength(Math.floor(pointsInFlight / FEED));
  });

  it('gives back all that was taken', async () => {
    for (let round = 0; round < 3; round++) {
      const begun = [...fill(visitor, DEAR), ...fill(user, FEED)];
      const waiting = tryOf(user(), FEED);
      for (const release of begun) release();
      await isNow(waiting, 'begun');
      waiting.release();
    }
    expect(fill(user, FEED)).toHaveLength(Math.floor(pointsInFlight / FEED));
  });

  it.each([
    [OVERLOAD.delayOfDearVisitorsMs, ['refused', 'begun', 'begun', 'begun']],
    [OVERLOAD.delayOfVisitorsMs, ['refused', 'refused', 'begun', 'begun']],
    [OVERLOAD.delayOfDearUsersMs, ['refused', 'refused', 'refused', 'begun']],
    [OVERLOAD.delayOfUsersMs, ['refused', 'refused', 'refused', 'refused']],
  ])('refuses by priority when the event loop is late by more than %i ms', (ms, states) => {
    delay.ms = ms + 1;
    const tried = [tryOf(visitor(), DEAR), tryOf(visitor(), FEED), tryOf(user(), DEAR), tryOf(user(), FEED)];
    expect(tried.map(({ state }) => state)).toEqual(states);
  });

  describe('before the body is read', () => {
    const enter = (hasToken: boolean): Release | undefined => {
      try {
        return admission.enterRequest(hasToken);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        return undefined;
      }
    };

    it('bounds requests, those without a token first', () => {
      for (let i = 0; i < OVERLOAD.requestsOfVisitors; i++) expect(enter(false)).toBeDefined();
      expect(enter(false)).toBeUndefined();
      const releases = Array.from({ length: OVERLOAD.requests - OVERLOAD.requestsOfVisitors }, () => enter(true)!);
      expect(enter(true)).toBeUndefined();
      releases[0]!();
      expect(enter(true)).toBeDefined();
    });

    it('refuses those without a token when the event loop is late, and the others when nothing would come in time', () => {
      delay.ms = OVERLOAD.delayOfVisitorsMs + 1;
      expect([enter(false) === undefined, enter(true) === undefined]).toEqual([true, false]);
      delay.ms = OVERLOAD.delayOfUsersMs + 1;
      expect(enter(true)).toBeUndefined();
    });
  });
});
