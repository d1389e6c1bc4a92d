const paths = {
  home: 'M3.5 10.5 12 4l8.5 6.5V20h-5.5v-6H9v6H3.5z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM20.5 20.5 15.2 15.2',
  plus: 'M12 8v8M8 12h8M7 3.5h10A3.5 3.5 0 0 1 20.5 7v10a3.5 3.5 0 0 1-3.5 3.5H7A3.5 3.5 0 0 1 3.5 17V7A3.5 3.5 0 0 1 7 3.5z',
  bell: 'M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10zM10 20a2.2 2.2 0 0 0 4 0',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.7-6 7.500-6s6.900 2 7.500 6',
  heart:
    'M12 20.300S3.500 15.500 3.500 9.300A4.800 4.800 0 0 1 12 6.300a4.800 4.800 0 0 1 8.500 3c0 6.200-8.500 11-8.500 11z',
  comment: 'M12 4a8 8 0 1 1-3.700 15.100L4 20l1.100-4A8 8 0 0 1 12 4z',
  picture:
    'M6 4.500h12A2.500 2.500 0 0 1 20.500 7v10a2.500 2.500 0 0 1-2.500 2.500H6A2.500 2.500 0 0 1 3.500 17V7A2.500 2.500 0 0 1 6 4.500zM4 16l4.500-4.500 3.500 3.500 3-3 5 5M15.500 9.200h.010',
  device: 'M4.500 5h15v10.500h-15zM2.500 19h19',
  lock: 'M6.500 11h11v8.500h-11zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  arrow: 'M14.500 5.500 8 12l6.500 6.500',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside a word that says the same: nothing for screen readers. */
export function Icon({ name, isFilled = false }: { name: IconName; isFilled?: boolean }) {
  return (
    <svg className={isFilled ? 'icon filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
