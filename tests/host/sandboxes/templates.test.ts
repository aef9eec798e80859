import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const deployment = { agent: 'momentum', symbols: 'AAPL', count: 2, perSandbox: 1, hours: 1 } as const;

test('a deployment after template-build starts from the template, which outlives the host and can be lost', async () => {
  const home = temporaryDirectory();
  const first = await startRunningHost(home);
  expect(await first.call('templates.list', {})).toEqual({ templates: [], inUse: 'base' });
  const built = await first.call('templates.build', {});
  expect(built).toMatchObject({ existed: false, name: expect.stringMatching(/^desk-runner-[0-9a-f]{12}$/) });
  expect(built.tookMs).toBeGreaterThan(0);
  expect(await first.call('templates.list', {})).toMatchObject({
    templates: [{ templateId: built.templateId, name: built.name, carriesRunner: true }],
    inUse: built.templateId,
  });
  await first.call('swarm.deploy', deployment);
  expect((await first.call('swarm.status', {})).agents.map((agent) => agent.state)).toEqual([
    'running',
    'running',
  ]);
  expect((await first.call('sandboxes.list', {})).sandboxes.map((sandbox) => sandbox.template)).toEqual([
    built.templateId,
    built.templateId,
  ]);
  await first.close();

  const second = await startRunningHost(home);
  expect(await second.call('templates.build', {})).toMatchObject({
    templateId: built.templateId,
    existed: true,
  });
  await second.close();
  expect(existsSync(join(home, 'templates', built.templateId))).toBe(true);
  rmSync(join(home, 'templates'), { recursive: true });

  const third = await startRunningHost(home);
  await third.call('swarm.deploy', { ...deployment, count: 1 });
  expect((await third.call('sandboxes.list', {})).sandboxes.map((sandbox) => sandbox.template)).toEqual([
    'base',
  ]);
  expect(third.state().notices.map((notice) => notice.title)).toContain(
    'The template with the runner is gone',
  );
});

test('a sandbox of an unknown template is refused by its name', async () => {
  const host = await startRunningHost(temporaryDirectory());
  await expect(host.call('sandboxes.create', { template: 'nope' })).rejects.toMatchObject({
    code: 'TEMPLATE_NOT_FOUND',
    message: 'The sandbox provider has no template "nope". See templates for those it has, or use "base".',
  });
  expect((await host.call('sandboxes.list', {})).sandboxes).toEqual([]);
});
