/** What a mail says, before it is text or HTML. */
export interface EmailMessage {
  subject: string;
  paragraphs: string[];
  /** To be typed in by the reader. */
  code?: string;
  facts?: [name: string, value: string][];
  action?: { label: string; link: string };
  /** What to do when the reader did not expect this. */
  closing?: string;
}

export interface RenderedEmail {
  text: string;
  html: string;
}

/** Renders both parts of a mail; whatever the values are, they stay text on one line. */
export function renderEmail(message: EmailMessage, appName: string): RenderedEmail {
  const safe = cleaned(message);
  return { text: textOf(safe, appName), html: htmlOf(safe, appName) };
}

// Line breaks and invisible or direction-changing characters could make a value look like words of ours.
const oneLine = (value: string): string => value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();

function cleaned({ action, facts, code, ...message }: EmailMessage): EmailMessage {
  return {
    ...message,
    paragraphs: message.paragraphs.map(oneLine),
    ...(code !== undefined && { code: oneLine(code) }),
    ...(facts && { facts: facts.map(([name, value]) => [name, oneLine(value)]) }),
    // The parser's spelling has no quotes, brackets, spaces or line breaks.
    ...(action && { action: { ...action, link: new URL(action.link).href } }),
  };
}

function textOf({ paragraphs, code, facts = [], action, closing }: EmailMessage, appName: string): string {
  const blocks = [
    ...paragraphs,
    code !== undefined && `    ${code}`,
    facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
    action && `${action.label}:\n${action.link}`,
    closing,
    `-- \n${appName}`,
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (value: string): string => value.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

function htmlOf({ subject, paragraphs, code, facts = [], action, closing }: EmailMessage, appName: string): string {
  const body = [
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    code !== undefined && `<p style="font-size:28px;letter-spacing:4px;font-weight:bold">${escaped(code)}</p>`,
    facts.length > 0 &&
      `<p>${facts.map(([name, value]) => `${escaped(name)}: <strong>${escaped(value)}</strong>`).join('<br>')}</p>`,
    action && actionHtml(action),
    closing && `<p>${escaped(closing)}</p>`,
    `<p style="color:#666666">${escaped(appName)}</p>`,
  ];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:34em;margin:0 auto;padding:24px">
${body.filter(Boolean).join('\n')}
</body>
</html>
`;
}

function actionHtml({ label, link }: NonNullable<EmailMessage['action']>): string {
  const href = escaped(link);
  return `<p><a href="${href}" style="display:inline-block;padding:10px 18px;background:#1f4fd8;color:#ffffff;text-decoration:none;border-radius:6px">${escaped(label)}</a></p>
<p style="color:#666666;font-size:14px">Or copy this address into your browser:<br><a href="${href}">${href}</a></p>`;
}
