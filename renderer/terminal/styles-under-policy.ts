// Lets xterm style itself under `style-src 'self'`: the policy refuses <style> elements and style attributes that a
// script writes as text, but not sheets and properties that it sets as objects.

const html = 'http://www.w3.org/1999/xhtml';

/** Runs what builds the terminal; the <style> elements that it creates meanwhile become adopted sheets. */
export function withAdoptedStyles(run: () => void): void {
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (name: string) => (name === 'style' ? createAdoptedStyle() : document.createElementNS(html, name)),
  });
  try {
    run();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

/** Makes spans, which xterm draws exact colours with, take their style attribute as properties. Safe to repeat. */
export function styleSpansByProperties(): void {
  HTMLSpanElement.prototype.setAttribute = function setAttribute(name, value) {
    if (name === 'style') this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
}

/** Stands where a <style> would: what is written into it becomes a sheet until it is removed. */
function createAdoptedStyle(): HTMLElement {
  const element = document.createElementNS(html, 'div');
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  element.hidden = true;
  Object.defineProperty(element, 'textContent', {
    set(css: string) {
      sheet.replaceSync(css);
    },
  });
  element.remove = () => {
    Element.prototype.remove.call(element);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  return element;
}
