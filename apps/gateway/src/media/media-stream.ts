import { notFound } from '@fowergram/contracts-core';
import { type Media, mediaPush, mediaRpc } from '@fowergram/contracts-media';
import type { Bus } from '@fowergram/messaging';
import type { SignalsService } from '../realtime/signals.service.js';
import { type Batch, LiveStream } from '../realtime/live-stream.js';

/** The states of one upload of this user, beginning with that of now; it ends with READY or REJECTED. */
export async function openMediaStream(
  shared: { bus: Bus; signals: SignalsService },
  ownerId: string,
  mediaId: string,
): Promise<LiveStream<Media>> {
  let shown: Media['status'] | undefined;
  const read = async (): Promise<Batch<Media>> => {
    const [media] = await shared.signals.reads.read(mediaId, () => shared.bus.call(mediaRpc.byIds, { ids: [mediaId] }));
    if (media?.ownerId !== ownerId) throw notFound('media', ['mediaId']);
    const isNews = media.status !== shown;
    shown = media.status;
    return { items: isNews ? [media] : [], end: shown === 'READY' || shown === 'REJECTED' };
  };
  const stream = new LiveStream({ read, stop: () => stop() });
  const refresh = () => stream.invalidate();
  const stop = shared.signals.listen(
    ownerId,
    mediaPush.updated,
    (signal) => signal.mediaId === mediaId && refresh(),
    refresh,
  );
  try {
    await stream.start();
  } catch (error) {
    stop();
    throw error;
  }
  return stream;
}
