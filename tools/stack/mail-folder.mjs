import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/**
 * Reads the mails of a folder, oldest first.
 * @param {string} folder
 * @param {string} [after] a file name; only what came after it
 */
export async function mailsIn(folder, after = '') {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.eml') && name > after)
    .sort();
  const read = await Promise.all(names.map((name) => readMail(folder, name)));
  return read.filter(Boolean);
}

async function readMail(folder, name) {
  const content = contentOf(join(folder, name));
  if (!content) return undefined;
  const { to, from, subject = '', text = '', html = '' } = await PostalMime.parse(content);
  return {
    file: join(folder, name),
    name,
    to: to?.[0]?.address ?? '',
    from: from?.address ?? '',
    subject,
    text,
    html,
    links: text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
  };
}

function contentOf(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    // Only the newest are kept: this one went while we looked.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Calls back for each mail that arrives in the folder from now on, in the order of their arrival. The returned function ends it. */
export function watchMails(folder, onMail) {
  let last =
    readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .sort()
      .at(-1) ?? '';
  let looking = Promise.resolve();
  const look = async () => {
    for (const mail of await mailsIn(folder, last)) {
      last = mail.name;
      onMail(mail);
    }
  };
  const watcher = watch(folder, () => {
    looking = looking.then(look).catch(() => undefined);
  });
  return () => watcher.close();
}

// What others have written must not move the cursor or colour the terminal.
const plain = (text) => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');

/** One mail as a line or two for a user at a terminal. */
export function announcement({ to, subject, links, file }) {
  return `✉ ${plain(to)}: ${plain(subject)}\n  ${links.length > 0 ? links.map(plain).join('\n  ') : file}`;
}
