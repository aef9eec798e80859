// What a page may never do, whatever it is made to run: leave, open windows, ask for permissions, reach the network.
import { app, session, type WebContents } from 'electron';
import { deskOrigin } from '../doors/ipc-channels.ts';

/** Writing text to the clipboard on a click; reading it stays denied. */
const copying = 'clipboard-sanitized-write';
const ownBlob = `blob:${deskOrigin}/`;

/** Denies all of it, for every page there will be. Needs Electron to be ready. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === copying),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission) => permission === copying);
  defaultSession.setDevicePermissionHandler(() => false);
  // A receipt or a table that the page itself has written; where it goes, the person says.
  defaultSession.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(ownBlob)) event.preventDefault();
  });
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const allowed = details.url.startsWith(`${deskOrigin}/`) || details.url.startsWith('devtools:');
    answer({ cancel: !allowed && !details.url.startsWith('data:') && !details.url.startsWith(ownBlob) });
  });
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
