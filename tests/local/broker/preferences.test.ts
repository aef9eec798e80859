// The account's configuration and its watchlists, through the real client.
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openBroker, refusalOf, send } from './open-broker.ts';

test('the configuration takes effect on orders and on the account', async () => {
  const { alpaca } = await openBroker({ stepped: true });
  const { accountConfigurations, account, orders } = alpaca.trading;
  expect(await accountConfigurations.getAccountConfig()).toMatchObject({
    suspendTrade: false,
    noShorting: false,
    fractionalTrading: true,
    maxMarginMultiplier: '2',
  });
  const patch = (patchAccountConfigRequest: Parameters<typeof accountConfigurations.patchAccountConfig>[0]) =>
    accountConfigurations.patchAccountConfig(patchAccountConfigRequest);
  await patch({ accountConfigurations: { noShorting: true, maxMarginMultiplier: '1' } });
  expect(await account.getAccount()).toMatchObject({
    multiplier: '1',
    buyingPower: '100000',
    shortingEnabled: false,
  });
  expect(await refusalOf(orders.market({ symbol: 'AAPL', qty: 1, side: 'sell' }))).toMatchObject({
    status: 403,
    message: 'account is not allowed to short',
  });
  await patch({ accountConfigurations: { fractionalTrading: false } });
  expect(await refusalOf(orders.market({ symbol: 'AAPL', qty: '0.5', side: 'buy' }))).toMatchObject({
    status: 403,
  });
  await patch({ accountConfigurations: { suspendTrade: true } });
  expect(await account.getAccount()).toMatchObject({ tradeSuspendedByUser: true });
  expect(await refusalOf(orders.market({ symbol: 'AAPL', qty: 1, side: 'buy' }))).toMatchObject({
    status: 403,
    code: 40310000,
    message: 'new orders are rejected by user request',
  });
});

test('refuses a setting that does not exist in that form, and changes nothing', async () => {
  const { url } = await openBroker({ stepped: true });
  const { status } = await send(url, 'PATCH', '/v2/account/configurations', { suspend_trade: 'yes' });
  expect(status).toBe(422);
  const { body } = await send(url, 'GET', '/v2/account/configurations');
  expect(body).toMatchObject({ suspend_trade: false });
  // A client sends back what an older service told it.
  const old = { dtbp_check: 'both', pdt_check: null, suspend_trade: null, no_shorting: true };
  const answer = await send(url, 'PATCH', '/v2/account/configurations', old);
  expect(answer).toMatchObject({ status: 200, body: { suspend_trade: false, no_shorting: true } });
  expect(Object.keys(Object(answer.body))).not.toContain('dtbp_check');
});

test('watchlists are made, filled, renamed, found by name, and deleted', async () => {
  const { alpaca } = await openBroker({ stepped: true });
  const { watchlists } = alpaca.trading;
  const made = await watchlists.postWatchlist({
    createWatchlistRequest: { name: 'Big', symbols: ['AAPL', 'MSFT'] },
  });
  expect(made.assets?.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
  const { id: watchlistId } = made;
  const added = await watchlists.addAssetToWatchlist({
    watchlistId,
    addAssetToWatchlistRequest: { symbol: 'NVDA' },
  });
  expect(added.assets?.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT', 'NVDA']);
  const removed = await watchlists.removeAssetFromWatchlist({ watchlistId, symbol: 'AAPL' });
  expect(removed.assets?.map(({ symbol }) => symbol)).toEqual(['MSFT', 'NVDA']);
  await watchlists.updateWatchlistById({
    watchlistId,
    updateWatchlistRequest: { name: 'Bigger', symbols: ['NVDA'] },
  });
  expect(await watchlists.getWatchlistByName({ name: 'Bigger' })).toMatchObject({ id: watchlistId });
  expect(await watchlists.getWatchlists()).toMatchObject([{ id: watchlistId, name: 'Bigger' }]);
  expect(
    await refusalOf(watchlists.postWatchlist({ createWatchlistRequest: { name: 'Bigger', symbols: [] } })),
  ).toMatchObject({ status: 422, message: 'watchlist name must be unique' });
  await watchlists.deleteWatchlistById({ watchlistId });
  expect(await watchlists.getWatchlists()).toEqual([]);
  expect(await refusalOf(watchlists.getWatchlistById({ watchlistId }))).toMatchObject({ status: 404 });
});

test('both are there again after a restart', async () => {
  const dataDir = temporaryDirectory();
  const first = await openBroker({ dataDir, stepped: true });
  await send(first.url, 'PATCH', '/v2/account/configurations', { no_shorting: true });
  const { body: list } = await send(first.url, 'POST', '/v2/watchlists', { name: 'Kept', symbols: ['AMZN'] });
  await first.close();
  const again = await openBroker({ dataDir, stepped: true });
  expect((await send(again.url, 'GET', '/v2/account/configurations')).body).toMatchObject({
    no_shorting: true,
  });
  expect((await send(again.url, 'GET', '/v2/watchlists:by_name?name=Kept')).body).toEqual(list);
});
