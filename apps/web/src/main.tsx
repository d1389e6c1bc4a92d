import './styles/base.css';
import './styles/layout.css';
import './styles/forms.css';
import './styles/posts.css';
import './styles/lists.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '@fowergram/client';
import { MailLinkPage } from './account/mail-link-page.js';
import { MailLinks } from './account/mail-links.js';
import { App } from './app/app.js';
import { Entry } from './app/entry.js';

const api = document.querySelector<HTMLMetaElement>('meta[name=fowergram-api]')!.content;
const links = new MailLinks(api);
const isMailLink = location.pathname.startsWith('/auth/');

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    {isMailLink ? (
      <MailLinkPage links={links} />
    ) : (
      <App entry={new Entry(createClient({ url: api, mode: 'cookie' }))} links={links} />
    )}
  </StrictMode>,
);
