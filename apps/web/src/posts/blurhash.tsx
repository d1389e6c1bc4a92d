import { decode } from 'blurhash';
import { useEffect, useRef } from 'react';

const SIZE = 24;

/** What a picture will be like, until it is there. */
export function Blurhash({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = context.createImageData(SIZE, SIZE);
    pixels.data.set(decode(hash, SIZE, SIZE));
    context.putImageData(pixels, 0, 0);
  }, [hash]);
  return <canvas ref={canvas} width={SIZE} height={SIZE} className="blurhash" aria-hidden="true" />;
}
