import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FaultBoundary } from '../../../renderer/ui/fault-boundary.tsx';

beforeEach(() => {
  // React reports what a boundary catches; here that is expected.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

test('a part that throws is named, its neighbours stay, and it can be tried again', () => {
  let broken = true;
  function Chart() {
    if (broken) throw new Error('no such chunk');
    return <p>drawn</p>;
  }
  render(
    <>
      <button type="button">KILL</button>
      <FaultBoundary name="The chart">
        <Chart />
      </FaultBoundary>
    </>,
  );
  expect(screen.getByRole('alert').textContent).toContain('The chart could not be drawn');
  expect(screen.getByRole('button', { name: 'KILL' })).toBeDefined();
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('drawn')).toBeDefined();
});
