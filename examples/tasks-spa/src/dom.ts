// Elements without a framework. Text is always text: nothing here parses HTML.

type Child = Node | string | undefined | false;

/** An element with properties, `data-*`/`aria-*`/`role` attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & Record<string, unknown> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^(aria-|data-|role$)/.test(name)) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** A button that is disabled while what it started goes on, so that nothing starts twice. */
export function button(
  label: string,
  run: () => Promise<void>,
  properties: Record<string, unknown> = {},
): HTMLButtonElement {
  const element = el("button", { type: "button", ...properties }, label);
  element.addEventListener("click", () => void busy(element, run));
  return element;
}

export async function busy(
  control: HTMLButtonElement | HTMLInputElement,
  run: () => Promise<void>,
): Promise<void> {
  control.disabled = true;
  control.setAttribute("aria-busy", "true");
  try {
    await run();
  } finally {
    control.disabled = false;
    control.removeAttribute("aria-busy");
  }
}

/** A term and what it is, for description lists. */
export function described(term: string, id: string, ...what: Child[]): HTMLElement {
  return el("div", {}, el("dt", {}, term), el("dd", { id }, ...what));
}
