// Parameters of strategies in words.

const indicators = new Set(['adf', 'adx', 'atr', 'ema', 'macd', 'roc', 'rsi', 'sma', 'vwap']);

/** "stopAtr" becomes "Stop ATR", "entryZ" becomes "Entry Z". */
export function paramName(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
  const text = words
    .map((word) => (indicators.has(word) || word.length === 1 ? word.toUpperCase() : word))
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
