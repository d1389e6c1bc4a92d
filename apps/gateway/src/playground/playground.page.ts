import { DEMO_USERS } from './demo-sign-ins.js';

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; display: flex; flex-direction: column; height: 100vh; font: 14px/1.4 system-ui, sans-serif; }
  #bar { padding: 6px 12px; border-bottom: 1px solid #8884; }
  .row { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; min-height: 32px; }
  .row > b { margin-right: 4px; }
  button, input, summary { font: inherit; padding: 3px 8px; }
  input { width: 11em; }
  button, summary { cursor: pointer; }
  form { display: flex; gap: 8px; flex-wrap: wrap; padding: 6px 0; }
  .label { opacity: .7; }
  #status { margin-left: auto; }
  #picture { height: 28px; border-radius: 3px; }
  [hidden] { display: none !important; }
  #graphiql { flex: 1; min-height: 0; }
  .graphiql-sidebar button[aria-label] { display: flex; flex-direction: column; align-items: center; gap: 2px; height: auto; padding: 6px 0; width: 52px; }
  .graphiql-sidebar button[aria-label] > svg { flex: none; width: 20px; height: 20px; }
  .graphiql-sidebar button[aria-label]::after { font: 11px/1.2 system-ui, sans-serif; }
  .graphiql-sidebar button[aria-label$="Documentation Explorer"]::after { content: "Docs"; }
  .graphiql-sidebar button[aria-label$="History"]::after { content: "History"; }
  .graphiql-sidebar button[aria-label^="Re-fetch"]::after { content: "Reload"; }
`;

const demoButtons = DEMO_USERS.map((name) => `<button type="button" data-demo="${name}">${name}</button>`).join(' ');

/** The page: who is signed in, ways to become somebody, an upload to try, and GraphiQL beneath. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Fowergram API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/playground/assets/graphiql.css">
    <style>${STYLE}</style>
  </head>
  <body>
    <header id="bar">
      <div class="row">
        <b>Fowergram</b>
        <span id="who">…</span>
        <span id="signed-out" class="row" hidden><span class="label">Sign in as a demo user:</span> ${demoButtons}</span>
        <span id="signed-in" class="row" hidden>
          <button type="button" id="sign-out">Sign out</button>
          <label class="label" for="file">Upload a picture:</label>
          <input id="file" type="file" accept="image/jpeg,image/png,image/webp,image/gif,image/avif">
        </span>
        <img id="picture" alt="" hidden>
        <span id="second-factor" hidden>
          <input id="code" placeholder="code of your app" autocomplete="one-time-code">
          <button type="button" id="send-code">Go on</button>
        </span>
        <span id="status" role="status"></span>
      </div>
      <details id="own-account">
        <summary>With an account of your own</summary>
        <form id="credentials">
          <input id="email" type="email" placeholder="e-mail" autocomplete="username" required>
          <input id="password" type="password" placeholder="password" autocomplete="current-password" required>
          <button type="submit">Sign in</button>
          <input id="username" placeholder="username (to sign up)">
          <button type="button" id="sign-up">Sign up</button>
        </form>
      </details>
    </header>
    <div id="graphiql">Loading …</div>
    <script src="/playground/assets/react.js"></script>
    <script src="/playground/assets/react-dom.js"></script>
    <script src="/playground/assets/graphiql.js"></script>
    <script type="module" src="/playground/assets/playground.js"></script>
  </body>
</html>
`;
