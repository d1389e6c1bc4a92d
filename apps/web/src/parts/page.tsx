import { type ReactNode, useEffect, useRef } from 'react';

let isFirst = true;

/** A page with its title, which has the focus when the page was chosen. */
export function Page({
  title,
  isTitleHidden,
  children,
}: {
  title: string;
  isTitleHidden?: boolean;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Fowergram`;
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, [title]);
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className={isTitleHidden ? 'unseen' : undefined}>
        {title}
      </h1>
      {children}
    </>
  );
}
