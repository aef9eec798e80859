import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildError, E2B, type LogEntry, Template, type TemplateClass } from 'e2b';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startSandboxRuntime } from '../../../electron/local/sandboxes/start-sandbox-runtime.ts';
import { apiKey, type OpenRuntime, openRuntime } from './open-runtime.ts';

let open: OpenRuntime;
let context: string;
beforeAll(async () => {
  context = mkdtempSync(join(tmpdir(), 'desk-template-'));
  mkdirSync(join(context, 'app/deep'), { recursive: true });
  writeFileSync(join(context, 'app/one.txt'), 'one');
  writeFileSync(join(context, 'app/deep/two.txt'), 'two');
  writeFileSync(join(context, 'app/.hidden'), 'hidden');
  symlinkSync('one.txt', join(context, 'app/link'));
  writeFileSync(join(context, 'tool'), '#!/bin/sh\necho "tool says $GREETING"\n');
  chmodSync(join(context, 'tool'), 0o644);
  open = await openRuntime();
});
afterAll(async () => {
  await open.close();
  rmSync(context, { recursive: true, force: true });
});

const from = () => Template({ fileContextPath: context }).fromBaseImage();

async function failureOf(template: TemplateClass, name: string, client = open.client): Promise<Error> {
  try {
    await client.Template.build(template, name);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the build did not fail');
}

describe('a template, built by the SDK', () => {
  test('gives its sandboxes files, environment, directory and user', async () => {
    const lines: string[] = [];
    const built = await open.client.Template.build(
      from()
        .setEnvs({ GREETING: 'hello', PATH: '/home/user/bin:$PATH' })
        .copy('tool', '/home/user/bin/tool', { mode: 0o755 })
        .setWorkdir('/home/user/work')
        .copy('app', 'copied')
        .runCmd(['echo building in $(pwd) as $(id -un)', 'tool > said'])
        .setUser('user'),
      'Whole',
      { cpuCount: 1, memoryMB: 256, onBuildLogs: (entry: LogEntry) => lines.push(entry.message) },
    );
    expect(lines.join('\n')).toContain('building in /home/user/work as user');

    const [byName, byId] = await Promise.all([
      open.client.Sandbox.create('whole'),
      open.client.Sandbox.create(built.templateId, { envs: { GREETING: 'my own' } }),
    ]);
    expect((await byName.commands.run('pwd; cat said; tool')).stdout).toBe(
      '/home/user/work\ntool says hello\ntool says hello\n',
    );
    expect((await byId.commands.run('tool; ls -A copied; cat copied/link copied/deep/two.txt')).stdout).toBe(
      'tool says my own\n.hidden\ndeep\nlink\none.txt\nonetwo',
    );
    expect(await byName.getInfo()).toMatchObject({
      templateId: built.templateId,
      cpuCount: 1,
      memoryMB: 256,
    });
    expect(await byName.files.list('/tmp')).toEqual([]);
  });

  test('puts a file under the name or into the directory it is copied to', async () => {
    await open.client.Template.build(
      from()
        .copy('app/one.txt', '/srv/renamed')
        .copy('app/one.txt', '/srv/into/')
        .copy('app/*.txt', '/srv/matched'),
      'places',
    );
    const sandbox = await open.client.Sandbox.create('places');
    const found = await sandbox.commands.run('find /srv -type f | sort');
    expect(found.stdout).toBe('/srv/into/one.txt\n/srv/matched/one.txt\n/srv/renamed\n');
  });

  test('starts from another one, and from a snapshot of its sandbox, with what they set', async () => {
    const { Sandbox, Template: templates } = open.client;
    await templates.build(from().setEnvs({ FIRST: '1' }).setWorkdir('/srv/first').runCmd('touch a'), 'first');
    await templates.build(Template().fromTemplate('first').setEnvs({ SECOND: '$FIRST-2' }), 'second');
    const sandbox = await Sandbox.create('second');
    expect((await sandbox.commands.run('ls; echo $FIRST $SECOND')).stdout).toBe('a\n1 1-2\n');
    await sandbox.commands.run('touch b');
    const { snapshotId } = await sandbox.createSnapshot();
    await templates.build(Template().fromTemplate(snapshotId).runCmd('touch c'), 'third');
    const third = await Sandbox.create('third');
    expect((await third.commands.run('ls; echo $SECOND')).stdout).toBe('a\nb\nc\n1-2\n');
  });

  test('starts its program in every sandbox before the sandbox is handed out', async () => {
    const template = from()
      .setWorkdir('/home/user')
      .setStartCmd('sleep 0.3; echo "$OF_SANDBOX" > up; exec sleep 1402', '[ -f up ]');
    await open.client.Template.build(template, 'program');
    const sandbox = await open.client.Sandbox.create('program', { envs: { OF_SANDBOX: 'mine' } });
    expect(await sandbox.files.read('up')).toBe('mine\n');
    expect((await sandbox.commands.list()).some(({ args }) => args.join(' ').includes('sleep 1402'))).toBe(
      true,
    );
  });

  test('has tags, of which each means one build', async () => {
    const { Sandbox, Template: templates } = open.client;
    const first = await templates.build(from().runCmd('echo 1 > version'), 'tagged:v1', { tags: ['stable'] });
    const second = await templates.build(from().runCmd('echo 2 > version'), 'tagged:v2');
    expect(second.templateId).toBe(first.templateId);
    const version = async (name: string) => (await Sandbox.create(name)).files.read('version');
    expect(await version('tagged:stable')).toBe('1\n');
    await templates.assignTags('tagged:v2', ['stable', 'default']);
    expect(await version('tagged:stable')).toBe('2\n');
    expect(await version('tagged')).toBe('2\n');
    await templates.removeTags('tagged', 'v1');
    expect((await templates.getTags('tagged')).map(({ tag }) => tag).toSorted()).toEqual([
      'default',
      'stable',
      'v2',
    ]);
    await expect(Sandbox.create('tagged:v1')).rejects.toMatchObject({ statusCode: 404 });
    // The build that no tag means any more is gone from the disk as well.
    expect(readdirSync(join(open.dataDir, 'templates', first.templateId))).toHaveLength(2);
  });

  test('is found and listed by name until it is deleted', async () => {
    const built = await open.client.Template.build(from().runCmd('true'), 'listed');
    expect(await open.client.Template.exists('listed')).toBe(true);
    expect(await open.client.Template.exists('never built')).toBe(false);
    const list = await fetch(`${open.runtime.url}/templates`, { headers: { 'X-API-KEY': apiKey } });
    expect(await list.json()).toContainEqual(
      expect.objectContaining({ templateID: built.templateId, names: ['listed'], cpuCount: 2 }),
    );
    expect(await open.client.Sandbox.deleteSnapshot(built.templateId)).toBe(true);
    expect(await open.client.Template.exists('listed')).toBe(false);
    await expect(open.client.Sandbox.create('listed')).rejects.toThrow("template 'listed' does not exist");
  });

  test('outlives the runtime', async () => {
    const first = await openRuntime();
    onTestFinished(() => first.close());
    await first.client.Template.build(from().copy('tool', 'tool').setEnvs({ KEPT: 'yes' }), 'kept');
    await first.runtime.close();
    const runtime = await startSandboxRuntime({
      dataDir: first.dataDir,
      apiKey,
      isolation: 'auto',
      limits: { limit: 10, createsPerSecond: 100 },
    });
    onTestFinished(() => runtime.close());
    const client = new E2B({ apiKey, apiUrl: runtime.url, sandboxUrl: runtime.url });
    const sandbox = await client.Sandbox.create('kept');
    expect((await sandbox.commands.run('ls; echo $KEPT')).stdout).toBe('tool\nyes\n');
  });
});

describe('a build that fails', () => {
  test('names the step and what it wrote, and leaves the template before as it was', async () => {
    await open.client.Template.build(from().runCmd('echo good > state'), 'fragile');
    const failure = await failureOf(
      from().runCmd('true').runCmd('echo so far; echo the reason >&2; exit 3'),
      'fragile',
    );
    expect(failure).toBeInstanceOf(BuildError);
    expect(failure.message).toMatch(/^\[2\/2\] RUN echo so far.*exit status 3: so far\nthe reason$/s);
    expect(await (await open.client.Sandbox.create('fragile')).files.read('state')).toBe('good\n');
  });

  test.each([
    [() => Template().fromPythonImage('3'), "its own base only, not from the image 'python:3'"],
    [() => Template().fromTemplate('nobodys'), "template 'nobodys' does not exist"],
    [() => from().setUser('somebody'), "invalid username: 'somebody'"],
    [() => from().copy('tool', '/usr/bin/tool'), "permission denied on '/usr/bin"],
    [() => from().setReadyCmd('echo not yet; false'), 'start command: not ready after 0.5 s'],
  ])('says why: %#', async (template, reason) => {
    const strict = await openRuntime({ templates: { readyMs: 500 } });
    onTestFinished(() => strict.close());
    expect((await failureOf(template(), 'refused', strict.client)).message).toContain(reason);
    expect(await strict.client.Template.exists('refused')).toBe(false);
  });

  test('is ended when it takes too long, with everything it started', async () => {
    const hasty = await openRuntime({ templates: { buildMs: 1_000 } });
    onTestFinished(() => hasty.close());
    const failure = await failureOf(from().runCmd('sleep 1403'), 'slow', hasty.client);
    expect(failure.message).toContain('ended, after 1 s at the latest');
    await hasty.client.Template.build(from().runCmd('true'), 'quick');
  });

  test('does not fill the disk: archives have a limit', async () => {
    const small = await openRuntime({ templates: { uploadBytes: 100 } });
    onTestFinished(() => small.close());
    await expect(small.client.Template.build(from().copy('app', '/srv/app'), 'large')).rejects.toThrow(
      'Failed to upload',
    );
    expect(readdirSync(join(small.dataDir, 'sandboxes/.uploads'), { recursive: true })).toHaveLength(1);
  });
});

test('builds beyond the limit wait for their turn, and are not sandboxes of the caller', async () => {
  const narrow = await openRuntime({ templates: { builds: 1 }, limits: { limit: 1, createsPerSecond: 100 } });
  onTestFinished(() => narrow.close());
  await narrow.client.Sandbox.create();
  const build = (name: string) => narrow.client.Template.build(from().runCmd('sleep 0.5'), name);
  await Promise.all([build('one'), build('two')]);
  expect(await narrow.client.Template.exists('one')).toBe(true);
  expect(await narrow.client.Template.exists('two')).toBe(true);
  expect(await narrow.client.Sandbox.list().nextItems()).toHaveLength(1);
});

test('without isolation, copies go into the sandbox and not to the machine', async () => {
  const plain = await openRuntime({ isolation: 'off' });
  onTestFinished(() => plain.close());
  const target = join(tmpdir(), `desk-template-target-${process.pid}`);
  await plain.client.Template.build(
    from().copy('app', target).copy('tool', '/home/user/tool', { mode: 0o755 }).runCmd('./tool > said'),
    'plain',
  );
  expect(existsSync(target)).toBe(false);
  const sandbox = await plain.client.Sandbox.create('plain');
  expect(await sandbox.files.read(`${target}/deep/two.txt`)).toBe('two');
  expect((await sandbox.commands.run('cat said')).stdout).toBe('tool says \n');
});

test('an upload is taken once, at the address that was given out, and at no other', async () => {
  const put = await fetch(`${open.runtime.url}/template-uploads/guessed`, { method: 'PUT', body: 'tar' });
  expect(put.status).toBe(404);
  const { templateId } = await open.client.Template.build(from().runCmd('true'), 'done');
  const link = await fetch(`${open.runtime.url}/templates/${templateId}/files/${'0'.repeat(64)}`, {
    headers: { 'X-API-KEY': apiKey },
  });
  expect([link.status, ((await link.json()) as { message: string }).message]).toEqual([
    404,
    `no build of template '${templateId}' waits for files`,
  ]);
});
