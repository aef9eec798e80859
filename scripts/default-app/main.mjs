// Electron's own default app, cut to what `electron [-r module] path` needs: the fallback runtime carries none.
import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = [];
let appPath;
for (let index = 1; index < process.argv.length; index += 1) {
  const argument = process.argv[index];
  if (argument === '-r' || argument === '--require') modules.push(process.argv[++index]);
  else if (!argument.startsWith('-')) {
    appPath = resolve(argument);
    break;
  }
}

if (appPath === undefined || !existsSync(join(appPath, 'package.json'))) {
  console.error(`electron: give the path of an app; got ${appPath ?? 'none'}`);
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'));
const main = join(appPath, manifest.main ?? 'index.js');

app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setPath('userData', join(app.getPath('appData'), app.getName()));
app.setAppPath(appPath);

const require = createRequire(join(dirname(main), 'noop.js'));
for (const module of modules) require(module);
// Electron holds back `ready` until this module has been evaluated, so the app can still prepare for it.
await import(pathToFileURL(main).href);
