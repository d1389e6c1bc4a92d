import './styles/base.css';
import './styles/layout.css';
import './styles/forms.css';
import './styles/posts.css';
import './styles/lists.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '@fowergram/client';
import { App } from './app/app.js';
import { Entry } from './app/entry.js';

const api = document.querySelector<HTMLMetaElement>('meta[name=fowergram-api]')!.content;
const entry = new Entry(createClient({ url: api, mode: 'cookie' }));

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App entry={entry} />
  </StrictMode>,
);
