import { names } from '@nx/devkit';

/** Every spelling of a noun that the templates need: `bookmarks` gives bookmark, Bookmarks, bookmark_lists and so on. */
export function spellings(name) {
  const singular = singularOf(name);
  const [many, one] = [names(name), names(singular)];
  const words = name.replaceAll('-', ' ');
  return {
    name,
    singular,
    Names: many.className,
    Name: one.className,
    nameVariable: one.propertyName,
    namesVariable: many.propertyName,
    table: singular.replaceAll('-', '_'),
    tables: name.replaceAll('-', '_'),
    words,
    Words: words[0].toUpperCase() + words.slice(1),
    word: singular.replaceAll('-', ' '),
  };
}

/** The singular of a regular English plural; a name without one, such as `history`, stays as it is. */
export function singularOf(name) {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(ses|xes|zes|ches|shes)$/.test(name)) return name.slice(0, -2);
  return name.endsWith('s') && !name.endsWith('ss') ? name.slice(0, -1) : name;
}

/** The time of a migration, UTC to the second; migrations run in the order of their names. */
export const migrationTime = () => new Date().toISOString().replace(/\D/g, '').slice(0, 14);
