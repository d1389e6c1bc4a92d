import sharp from 'sharp';

export interface PhotoOptions {
  width?: number;
  height?: number;
  /** Decides the colours and shapes: the same seed draws the same picture. */
  seed: number;
}

/** Draws a landscape of hills under a sun and returns it as a JPEG that carries a camera and a GPS position, as a phone's would. */
export async function drawPhoto({ width = 1_440, height = 1_080, seed }: PhotoOptions): Promise<Buffer> {
  return sharp(Buffer.from(landscape(width, height, seed)))
    .withExif({
      IFD0: { Make: 'Fowergram', Model: `Demo ${seed}`, Copyright: 'Fowergram demo' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 31/1 12/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 18/1',
      },
    })
    .jpeg({ quality: 82 })
    .toBuffer();
}

function landscape(width: number, height: number, seed: number): string {
  const hue = (seed * 67) % 360;
  const sunX = Math.round(width * (0.2 + ((seed * 13) % 60) / 100));
  const sunY = Math.round(height * (0.2 + ((seed * 7) % 20) / 100));
  const hills = [0.55, 0.68, 0.82].map((top, layer) =>
    hill(
      width,
      height,
      height * top,
      seed + layer * 5,
      `hsl(${(hue + 140 + layer * 14) % 360} ${46 - layer * 6}% ${44 - layer * 11}%)`,
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="hsl(${hue} 70% 45%)"/><stop offset="1" stop-color="hsl(${(hue + 40) % 360} 85% 82%)"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${sunX}" cy="${sunY}" r="${Math.round(height / 11)}" fill="hsl(${(hue + 60) % 360} 100% 92%)"/>
    ${hills.join('\n')}
  </svg>`;
}

function hill(width: number, height: number, top: number, seed: number, colour: string): string {
  const points = Array.from({ length: 25 }, (_, step) => {
    const x = (width * step) / 24;
    const y = top + Math.sin(step * 0.55 + seed) * height * 0.05 + Math.sin(step * 0.21 + seed * 2) * height * 0.04;
    return `${x.toFixed(0)},${y.toFixed(0)}`;
  });
  return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${colour}"/>`;
}
