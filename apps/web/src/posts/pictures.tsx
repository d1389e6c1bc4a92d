import { useState } from 'react';
import type { MediaCard } from '@fowergram/client/operations';
import { Blurhash } from './blurhash.js';

interface PicturesProps {
  post: { media: MediaCard[]; mediaDisplay: string; contentWarning: string | null; author: { username: string } };
  /** The first picture of a page is what its visitor waits for. */
  isFirst?: boolean;
  /** The addresses of the pictures work no more. */
  onExpired: () => void;
}

/** The pictures of a post, side by side; those that not everybody wants to see are behind a button. */
export function Pictures({ post, isFirst = false, onExpired }: PicturesProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  const { media, mediaDisplay, contentWarning, author } = post;
  if (media.length === 0) return null;
  const isCovered = mediaDisplay !== 'SHOW' && !isRevealed;
  const label = `Photos by ${author.username}`;
  return (
    <div className="pictures" style={{ aspectRatio: ratioOf(media[0]!) }}>
      <div className="strip" {...(media.length > 1 && { tabIndex: 0, role: 'group', 'aria-label': label })}>
        {media.map((each) => (
          <Picture key={each.id} media={each} {...{ isCovered, isFirst, onExpired, author }} />
        ))}
      </div>
      {media.length > 1 && <span className="picture-count">{media.length} photos</span>}
      {isCovered && (
        <div className="cover">
          <p>{contentWarning ?? 'Not everybody wants to see this.'}</p>
          <button onClick={() => setIsRevealed(true)}>Show</button>
        </div>
      )}
    </div>
  );
}

interface PictureProps {
  media: MediaCard;
  isCovered: boolean;
  isFirst: boolean;
  onExpired: () => void;
  author: { username: string };
}

function Picture({ media, isCovered, isFirst, onExpired, author }: PictureProps) {
  const [isLoaded, setIsLoaded] = useState(false);
  const { variants, altText, blurhash, width, height } = media;
  const usual = variants.find((variant) => variant.width >= 640) ?? variants.at(-1);
  return (
    <div className="picture">
      {blurhash && !isLoaded && <Blurhash hash={blurhash} />}
      {usual && !isCovered && (
        <img
          src={usual.url}
          srcSet={variants.map((variant) => `${variant.url} ${variant.width}w`).join(', ')}
          sizes="(min-width: 760px) 600px, 100vw"
          width={width ?? undefined}
          height={height ?? undefined}
          alt={altText ?? `Photo by ${author.username}, without a description`}
          decoding="async"
          {...(isFirst && { fetchpriority: 'high' })}
          onLoad={() => setIsLoaded(true)}
          onError={onExpired}
        />
      )}
    </div>
  );
}

const TALLEST = 4 / 5;
const WIDEST = 1.91;

/** The shape of a picture, within what fits between two others. */
const ratioOf = ({ width, height }: MediaCard): number =>
  width && height ? Math.min(WIDEST, Math.max(TALLEST, width / height)) : 1;
