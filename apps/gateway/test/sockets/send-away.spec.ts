import { inTurns } from '../../src/sockets/send-away.js';

describe('Those who are sent away', () => {
  it('go a few at a time, and all of them', async () => {
    const sockets = Array.from({ length: 300 }, (_, index) => index);
    const away: number[] = [];
    const done = inTurns(sockets, (socket) => void away.push(socket));
    expect(away).toEqual([0, 1, 2]);
    await done;
    expect(away).toEqual(sockets);
  });
});
