import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import {
  FileNotFoundError,
  type FilesystemEvent,
  InvalidArgumentError,
  type Sandbox,
  type WatchHandle,
} from 'e2b';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EventType, Filesystem } from '../../../electron/local/sandboxes/proto/filesystem_pb.ts';
import { type OpenRuntime, openRuntime } from './open-runtime.ts';

let open: OpenRuntime;
let sandbox: Sandbox;
let events: FilesystemEvent[];
let watches: WatchHandle[];
beforeAll(async () => {
  open = await openRuntime();
  sandbox = await open.client.Sandbox.create();
});
beforeEach(async () => {
  events = [];
  watches = [];
  await sandbox.files.remove('watched');
  await sandbox.files.makeDir('watched');
});
afterEach(() => Promise.all(watches.map((watch) => watch.stop())));
afterAll(() => open.close());

async function watch(options: object = {}): Promise<WatchHandle> {
  const handle = await sandbox.files.watchDir('watched', (event) => void events.push(event), {
    timeoutMs: 0,
    ...options,
  });
  watches.push(handle);
  return handle;
}

const told = () => events.map(({ type, name }) => `${type} ${name}`);
const run = (command: string) => sandbox.commands.run(command, { cwd: '/home/user/watched' });

describe('a watched directory, followed by the SDK', () => {
  test('tells of files that are created and written to, by commands and by uploads', async () => {
    await watch();
    await run('echo one > by-command');
    await sandbox.files.write('watched/by-upload', 'two');
    await expect
      .poll(told)
      .toEqual(['create by-command', 'write by-command', 'create by-upload', 'write by-upload']);
  });

  test('tells of a file that was there and is written to, its rights, and its removal', async () => {
    await sandbox.files.write('watched/there', 'before');
    await watch();
    await sandbox.files.write('watched/there', 'after');
    await expect.poll(told).toContain('write there');
    expect(new Set(told())).toEqual(new Set(['write there']));
    events.length = 0;
    await run('chmod 600 there');
    await expect.poll(told).toContain('chmod there');
    await run('rm there');
    await expect.poll(told).toContain('remove there');
  });

  test('tells a renaming as the old name gone and the new one there', async () => {
    await sandbox.files.write('watched/old', 'x');
    await watch();
    await sandbox.files.rename('watched/old', 'watched/new');
    await expect.poll(told).toEqual(['rename old', 'create new']);
  });

  test('says nothing about what is further below, unless asked to', async () => {
    await run('mkdir below');
    await watch();
    await run('echo x > below/file; echo x > here');
    await expect.poll(told).toContain('create here');
    expect(told().filter((event) => event.includes('file'))).toEqual([]);
  });

  test('tells of everything below when asked to, in directories made later too', async () => {
    await run('mkdir -p below/deep');
    await watch({ recursive: true });
    await run('echo x > below/deep/file');
    await expect.poll(told).toEqual(['create below/deep/file', 'write below/deep/file']);
    events.length = 0;
    await sandbox.files.makeDir('watched/later/inner');
    await expect.poll(told).toEqual(['create later', 'create later/inner']);
    events.length = 0;
    await sandbox.files.write('watched/later/inner/file', 'x');
    await expect.poll(told).toEqual(['create later/inner/file', 'write later/inner/file']);
    events.length = 0;
    await run('mv later/inner below/moved');
    await expect.poll(told).toEqual(['rename later/inner', 'create below/moved', 'create below/moved/file']);
    await run('echo y >> below/moved/file');
    await expect.poll(told).toContain('write below/moved/file');
    events.length = 0;
    await run('rm -r below');
    await expect.poll(told).toContain('remove below');
    expect(told()).toContain('remove below/moved/file');
  });

  test('describes entries that are there when asked to', async () => {
    await watch({ includeEntry: true });
    await run('printf 12345 > file; chmod 640 file; mv file file2; rm file2');
    await expect.poll(told).toContain('remove file2');
    await run('printf 123 > kept');
    await expect.poll(told).toContain('write kept');
    const written = events.find(({ name, type }) => name === 'kept' && type === 'write');
    expect(written?.entry).toMatchObject({ path: '/home/user/watched/kept', size: 3, type: 'file' });
    for (const gone of events.filter(({ type }) => type === 'remove' || type === 'rename'))
      expect(gone.entry).toBeUndefined();
  });

  test('is followed until stopped', async () => {
    const handle = await watch();
    await run('touch first');
    await expect.poll(told).toContain('create first');
    await handle.stop();
    const second = await watch();
    await run('touch second');
    await expect.poll(() => told().filter((event) => event === 'create second').length).toBe(1);
    await second.stop();
  });

  test('has to be there and to be a directory', async () => {
    const nothing = () => undefined;
    await expect(sandbox.files.watchDir('missing', nothing)).rejects.toThrow(FileNotFoundError);
    await sandbox.files.write('watched/file', 'x');
    await expect(sandbox.files.watchDir('watched/file', nothing)).rejects.toThrow(InvalidArgumentError);
  });
});

describe('a watched directory that is asked', () => {
  function filesystem() {
    return createClient(
      Filesystem,
      createConnectTransport({
        baseUrl: open.runtime.url,
        httpVersion: '1.1',
        useBinaryFormat: false,
        interceptors: [
          (next) => (request) => {
            request.header.set('E2b-Sandbox-Id', sandbox.sandboxId);
            request.header.set('X-Access-Token', String(sandbox['envdAccessToken']));
            return next(request);
          },
        ],
      }),
    );
  }

  test('tells each event once, and nothing after it was removed', async () => {
    const client = filesystem();
    const { watcherId } = await client.createWatcher({ path: 'watched' });
    const seen: string[] = [];
    const ask = async () => {
      for (const { type, name } of (await client.getWatcherEvents({ watcherId })).events)
        seen.push(`${EventType[type]} ${name}`);
      return seen;
    };
    await run('echo x > file');
    await expect.poll(ask).toEqual(['CREATE file', 'WRITE file']);
    await run('rm file');
    await expect.poll(ask).toEqual(['CREATE file', 'WRITE file', 'REMOVE file']);
    await client.removeWatcher({ watcherId });
    await expect(client.getWatcherEvents({ watcherId })).rejects.toThrow('does not exist');
  });
});
