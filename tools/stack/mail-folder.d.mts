export interface KeptMail {
  file: string;
  name: string;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  /** Of the text part, in their order. */
  links: string[];
}

export function mailsIn(folder: string, after?: string): Promise<KeptMail[]>;
export function watchMails(folder: string, onMail: (mail: KeptMail) => void): () => void;
export function announcement(mail: Pick<KeptMail, 'to' | 'subject' | 'links' | 'file'>): string;
