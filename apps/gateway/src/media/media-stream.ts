import { notFound } from '@fowergram/contracts-core';
import { type Media, mediaPush, mediaRpc } from '@fowergram/contracts-media';
import type { Bus } from '@fowergram/messaging';
import type { Hints } from '../realtime/signals.service.js';
import { type Batch, LiveStream } from '../realtime/live-stream.js';

/** The states of one upload of this user, beginning with that of now; it ends with READY or REJECTED. */
export async function openMediaStream(
  parts: { bus: Bus; hints: Hints },
  ownerId: string,
  mediaId: string,
): Promise<LiveStream<Media>> {
  let shown: Media['status'] | undefined;
  const read = async (): Promise<Batch<Media>> => {
    const [media] = await parts.bus.call(mediaRpc.byIds, { ids: [mediaId] });
    if (media?.ownerId !== ownerId) throw notFound('media', ['mediaId']);
    const isNews = media.status !== shown;
    shown = media.status;
    return { items: isNews ? [media] : [], end: shown === 'READY' || shown === 'REJECTED' };
  };
  const stream = new LiveStream({ read, stop: () => stop() });
  const lookAgain = () => stream.invalidate();
  const stop = parts.hints.listen(
    ownerId,
    mediaPush.updated,
    (hint) => hint.mediaId === mediaId && lookAgain(),
    lookAgain,
  );
  try {
    await stream.start();
  } catch (error) {
    stop();
    throw error;
  }
  return stream;
}
