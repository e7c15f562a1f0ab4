type Child = Node | string | false | undefined;

/** An element with a class and children; text becomes text nodes, never HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  if (className !== '') created.className = className;
  for (const child of children) if (child !== undefined && child !== false) created.append(child);
  return created;
}

/** A codicon, hidden from screen readers. */
export function icon(name: string): HTMLElement {
  const created = element('span', `codicon codicon-${name}`);
  created.setAttribute('aria-hidden', 'true');
  return created;
}

export interface ButtonOptions {
  /** Its tooltip and its name for screen readers. */
  readonly title: string;
  readonly testId: string;
  readonly onClick: () => void;
}

/** A toolbar button with only an icon. */
export function iconButton(iconName: string, options: ButtonOptions): HTMLButtonElement {
  const button = withOptions(element('button', 'icon-button', icon(iconName)), options);
  button.setAttribute('aria-label', options.title);
  return button;
}

/** A button with a text. */
export function textButton(
  words: string,
  options: ButtonOptions & { readonly secondary?: boolean },
): HTMLButtonElement {
  return withOptions(
    element('button', options.secondary ? 'text-button secondary' : 'text-button', element('span', '', words)),
    options,
  );
}

/** Gives an element the id by which tests find it. */
export function withTestId<E extends HTMLElement>(target: E, testId: string): E {
  target.dataset['testid'] = testId;
  return target;
}

function withOptions(button: HTMLButtonElement, { title, testId, onClick }: ButtonOptions): HTMLButtonElement {
  button.type = 'button';
  button.title = title;
  button.addEventListener('click', onClick);
  return withTestId(button, testId);
}
