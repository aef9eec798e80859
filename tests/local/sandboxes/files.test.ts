import { randomBytes } from 'node:crypto';
import { FileNotFoundError, InvalidArgumentError, type Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenRuntime, openRuntime } from './open-runtime.ts';

let open: OpenRuntime;
let sandbox: Sandbox;
beforeAll(async () => {
  open = await openRuntime();
  sandbox = await open.client.Sandbox.create();
});
afterAll(() => open.close());

describe('files, called by the SDK', () => {
  test('come back as they were written: text, bytes, nothing', async () => {
    await sandbox.files.write('notes/día.txt', 'grüße\n');
    expect(await sandbox.files.read('/home/user/notes/día.txt')).toBe('grüße\n');
    const bytes = randomBytes(1_000);
    await sandbox.files.write('bytes', new Uint8Array(bytes).buffer);
    expect(Buffer.from(await sandbox.files.read('bytes', { format: 'bytes' }))).toEqual(bytes);
    await sandbox.files.write('empty', '');
    expect(await sandbox.files.read('empty')).toBe('');
  });

  test.each([
    ['multipart', {}],
    ['octet-stream', { useOctetStream: true }],
    ['gzip', { gzip: true }],
  ])('take 5 MB as %s', async (name, options) => {
    const bytes = randomBytes(5 * 1024 * 1024);
    await sandbox.files.write(`big-${name}`, new Blob([new Uint8Array(bytes)]), options);
    expect(Buffer.from(await sandbox.files.read(`big-${name}`, { format: 'bytes' })).equals(bytes)).toBe(
      true,
    );
  });

  test('that are written to while they are read leave nobody waiting', async () => {
    const writing = 'while :; do seq 1 20000 > changing; : > changing; done';
    const writer = await sandbox.commands.run(writing, { background: true, timeoutMs: 0 });
    for (let count = 0; count < 50; count += 1) {
      await sandbox.files.read('changing', { requestTimeoutMs: 5_000 }).catch((error: unknown) => {
        expect(error).not.toMatchObject({ name: 'TimeoutError' });
      });
    }
    await writer.kill();
  });

  test('are replaced whole by a shorter content', async () => {
    await sandbox.files.write('shrinking', 'a long content');
    await sandbox.files.write('shrinking', 'short');
    expect(await sandbox.files.read('shrinking')).toBe('short');
  });

  test('several are written in one call', async () => {
    const written = await sandbox.files.write([
      { path: 'many/one', data: '1' },
      { path: 'many/two', data: '2' },
    ]);
    expect(written.map(({ path }) => path)).toEqual(['/home/user/many/one', '/home/user/many/two']);
    expect(await sandbox.files.read('many/two')).toBe('2');
  });

  test('are listed in lexical order, depth first, with what they are', async () => {
    await sandbox.files.write('tree/b/inner', 'x');
    await sandbox.files.write('tree/a', 'four');
    await sandbox.commands.run('chmod 640 tree/a; ln -s a tree/link; ln -s missing tree/dangling');
    const entries = await sandbox.files.list('tree', { depth: 2 });
    expect(entries.map(({ path }) => path.replace('/home/user/tree/', ''))).toEqual([
      'a',
      'b',
      'b/inner',
      'dangling',
      'link',
    ]);
    expect(entries[0]).toMatchObject({
      name: 'a',
      type: 'file',
      size: 4,
      mode: 0o640,
      permissions: '-rw-r-----',
      owner: 'user',
    });
    expect(entries[1]).toMatchObject({ type: 'dir', permissions: 'drwxr-xr-x' });
    expect(entries[4]).toMatchObject({ type: 'file', symlinkTarget: '/home/user/tree/a' });
    expect((await sandbox.files.list('tree')).map(({ name }) => name)).toEqual([
      'a',
      'b',
      'dangling',
      'link',
    ]);
  });

  test('carry metadata that follows them when they move, and ends with the next upload', async () => {
    const metadata = { author: 'somebody', 'run-id': '7 of 9' };
    const written = await sandbox.files.write('tagged/file', 'x', { metadata });
    expect(written.metadata).toEqual(metadata);
    await sandbox.files.write('tagged/plain', 'x');
    const listed = await sandbox.files.list('tagged');
    expect(listed.map((entry) => entry.metadata)).toEqual([metadata, undefined]);
    expect((await sandbox.files.rename('tagged/file', 'tagged/moved')).metadata).toEqual(metadata);
    const { snapshotId } = await sandbox.createSnapshot();
    const copy = await open.client.Sandbox.create(snapshotId);
    expect((await copy.files.getInfo('tagged/moved')).metadata).toEqual(metadata);
    await sandbox.commands.run('rm tagged/moved; echo x > tagged/moved');
    expect((await sandbox.files.getInfo('tagged/moved')).metadata).toBeUndefined();
    await copy.files.write('tagged/moved', 'y', { metadata: { author: 'other' } });
    expect((await copy.files.getInfo('tagged/moved')).metadata).toEqual({ author: 'other' });
    await copy.files.write('tagged/moved', 'z');
    expect((await copy.files.getInfo('tagged/moved')).metadata).toBeUndefined();
  });

  test('refuse metadata that is no printable ASCII', async () => {
    const write = sandbox.files.write('refused', 'x', { metadata: { long: 'x'.repeat(4_097) } });
    await expect(write).rejects.toThrow('at most 4096');
    expect(await sandbox.files.exists('refused')).toBe(false);
  });

  test('are renamed, removed with what is below, and then gone', async () => {
    await sandbox.files.write('old/deep/file', 'kept');
    const moved = await sandbox.files.rename('old', 'new/place');
    expect(moved.path).toBe('/home/user/new/place');
    expect(await sandbox.files.exists('old')).toBe(false);
    expect(await sandbox.files.read('new/place/deep/file')).toBe('kept');
    await sandbox.files.remove('new');
    expect(await sandbox.files.exists('new')).toBe(false);
    await sandbox.files.remove('new');
  });

  test('directories are made once, with their parents', async () => {
    expect(await sandbox.files.makeDir('made/of/parts')).toBe(true);
    expect(await sandbox.files.makeDir('made/of/parts')).toBe(false);
    await sandbox.files.write('made/file', '');
    await expect(sandbox.files.makeDir('made/file')).rejects.toThrow(InvalidArgumentError);
  });

  test('errors say what is wrong with the path', async () => {
    await expect(sandbox.files.read('missing')).rejects.toThrow(FileNotFoundError);
    await expect(sandbox.files.read('missing')).rejects.toThrow("path '/home/user/missing' does not exist");
    await sandbox.files.makeDir('directory');
    await expect(sandbox.files.read('directory')).rejects.toThrow(
      "path '/home/user/directory' is a directory",
    );
    await expect(sandbox.files.write('directory', 'x')).rejects.toThrow(
      "path '/home/user/directory' is a directory",
    );
    await expect(sandbox.files.list('bytes')).rejects.toThrow(InvalidArgumentError);
    await expect(sandbox.files.list('missing')).rejects.toThrow(FileNotFoundError);
    await expect(sandbox.files.rename('missing', 'anything')).rejects.toThrow(FileNotFoundError);
    await expect(sandbox.files.getInfo('missing/below')).rejects.toThrow(FileNotFoundError);
  });

  test('an uploaded program can be made executable and run', async () => {
    await sandbox.files.write('bin/hello', '#!/bin/sh\necho "hello from $0"\n');
    await sandbox.commands.run('chmod +x bin/hello');
    expect((await sandbox.commands.run('./bin/hello')).stdout).toBe('hello from ./bin/hello\n');
  });

  test('what commands write is read, and the other way round', async () => {
    await sandbox.commands.run('echo from inside > "$HOME/shared"');
    expect(await sandbox.files.read('shared')).toBe('from inside\n');
    await sandbox.files.write('shared', 'from outside\n');
    expect((await sandbox.commands.run('cat shared')).stdout).toBe('from outside\n');
  });

  test('a named pipe is refused instead of waited for', async () => {
    await sandbox.commands.run('mkfifo pipe');
    await expect(sandbox.files.read('pipe')).rejects.toThrow('not a regular file');
    await expect(sandbox.files.write('pipe', 'x')).rejects.toThrow('not a regular file');
  });
});

test('a call without the right token is refused', async () => {
  const call = (headers: Record<string, string>) =>
    fetch(`${open.runtime.url}/filesystem.Filesystem/Stat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'E2b-Sandbox-Id': sandbox.sandboxId, ...headers },
      body: '{"path":"~"}',
    });
  const withoutToken = await call({});
  expect(withoutToken.status).toBe(401);
  expect(await withoutToken.json()).toMatchObject({ code: 401 });
  expect((await call({ 'X-Access-Token': 'guessed' })).status).toBe(401);
});

describe('signed addresses', () => {
  test('read and write without the token, until they expire', async () => {
    const upload = new FormData();
    upload.append('file', new Blob(['signed']), 'ignored');
    const uploaded = await fetch(await sandbox.uploadUrl('signed.txt'), { method: 'POST', body: upload });
    expect(uploaded.status).toBe(200);
    const address = await sandbox.downloadUrl('signed.txt', { useSignatureExpiration: 60 });
    expect(await (await fetch(address)).text()).toBe('signed');

    const expired = await fetch(await sandbox.downloadUrl('signed.txt', { useSignatureExpiration: -60 }));
    expect(expired.status).toBe(401);
    expect(await expired.json()).toEqual({ code: 401, message: 'signature is already expired' });
    const otherFile = address.replace('signed.txt', 'bytes');
    expect((await fetch(otherFile)).status).toBe(502);
    const withId = await fetch(otherFile, { headers: { 'E2b-Sandbox-Id': sandbox.sandboxId } });
    expect(await withId.json()).toEqual({ code: 401, message: 'invalid signature' });
  });

  test('take a form whose file is plain text, and refuse one that names no path at all', async () => {
    const text = new FormData();
    text.append('comment', 'left aside');
    text.append('file', 'typed, not picked');
    const address = await sandbox.uploadUrl('from-form.txt', { useSignatureExpiration: 60 });
    const uploaded = await fetch(address, { method: 'POST', body: text });
    expect(await uploaded.json()).toEqual([
      { name: 'from-form.txt', path: '/home/user/from-form.txt', type: 'file' },
    ]);
    expect(await sandbox.files.read('from-form.txt')).toBe('typed, not picked');

    const nameless = new FormData();
    nameless.append('file', 'of no name');
    const refused = await fetch(await sandbox.uploadUrl(), { method: 'POST', body: nameless });
    expect(await refused.json()).toEqual({ code: 400, message: 'path is required' });
  });

  test('serve ranges', async () => {
    await sandbox.files.write('digits', '0123456789');
    const address = await sandbox.downloadUrl('digits');
    const ranged = async (range: string) => {
      const response = await fetch(address, { headers: { range } });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };
    expect(await ranged('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await ranged('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ranged('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ranged('bytes=10-')).toEqual([416, 'bytes */10', '']);
  });
});
