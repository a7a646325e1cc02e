// The page that links in mails lead to: choose a password, for an invite or after a forgotten one. One self-contained document;
// the token stays behind the hash sign, where no server and no log sees it. The console's other pages come later.

import { createHash } from 'node:crypto';
import { apiPrefix } from '#contract/api-prefix.ts';
import { passwords } from '#contract/passwords.ts';

/** Path of the page → what it is for. */
const steps = {
  '/invite': { title: 'Choose your password', api: `${apiPrefix}${passwords['accept-invite'].path}` },
  '/password-reset': {
    title: 'Choose a new password',
    api: `${apiPrefix}${passwords['complete-password-reset'].path}`,
  },
};

const styles = `
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #f4f6f8; }
main { max-width: 26rem; margin: 10vh auto; padding: 2rem; background: #fff; border-radius: 12px; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
label { display: block; font-weight: 600; }
input[type=checkbox] { width: auto; margin: 0 .5rem 0 0; }
input:not([type=checkbox]) { box-sizing: border-box; width: 100%; margin: .25rem 0 1rem; padding: .6rem; font: inherit; border: 1px solid #667; border-radius: 6px; }
button { padding: .6rem 1.2rem; font: inherit; color: #fff; background: #1f4e79; border: 0; border-radius: 6px; cursor: pointer; }
button:disabled { opacity: .6; }
[role=alert] { color: #a40000; }
`;

const script = `
const steps = ${JSON.stringify(steps)};
const step = steps[location.pathname];
const token = location.hash.slice(1);
const [main, form, password, alert] = ['main', 'form', '#password', '[role=alert]'].map((at) => document.querySelector(at));
document.title = step.title + ' · Roster';
document.querySelector('h1').textContent = step.title;
// The link is good once: it must not stay in the history.
history.replaceState(null, '', location.pathname);
document.querySelector('#show').addEventListener('change', (event) => {
  password.type = event.target.checked ? 'text' : 'password';
});
if (!token) refuse('The link is not complete. Open it from the mail again.');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  alert.textContent = '';
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const answer = await fetch(step.api, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password: password.value }),
    });
    if (answer.ok) return done(answer.status === 204 ? {} : await answer.json());
    const problem = await answer.json();
    refuse((problem.errors || []).map((error) => 'The password ' + error.detail + '.').join(' ') || problem.detail || problem.title);
  } catch {
    refuse('Roster did not answer. Check your connection, and try again.');
  } finally {
    button.disabled = false;
  }
});
function refuse(text) {
  alert.textContent = text;
}
function done({ login }) {
  const [title, text] = [document.createElement('h1'), document.createElement('p')];
  title.textContent = 'Your password is set';
  text.textContent = login ? 'Sign in with the name ' + login + '.' : 'All your sessions were ended. Sign in with the new password.';
  main.replaceChildren(title, text);
}
`;

const document = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roster</title>
<style>${styles}</style>
</head>
<body>
<main>
<h1></h1>
<form>
<label for="password">Password</label>
<input id="password" type="password" autocomplete="new-password" required maxlength="256" autofocus>
<p><label><input id="show" type="checkbox"> Show it</label></p>
<p role="alert"></p>
<button>Save</button>
</form>
</main>
<script>${script}</script>
</body>
</html>
`;

/** The document where such a link leads; undefined for every other path. */
export function passwordPageAt(path: string): { body: string; contentSecurityPolicy: string } | undefined {
  return Object.hasOwn(steps, path) ? { body: document, contentSecurityPolicy } : undefined;
}

/** Only this very script and style run, and they talk to their own origin alone. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(styles)}`,
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
