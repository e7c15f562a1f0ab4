import { element, icon, withTestId } from '../dom';
import type { Fact, Share, StorageFactsView, Warning } from '../storageProtocol';
import { storageStrings } from '../strings';
import { treemap } from './treemap';

/** The aspect ratio of the folder map; the style sheet has the same. */
const mapAspect = 4.5;

/** Everything about a history: first warnings, then charts, then numbers. */
export function factsElements(view: StorageFactsView, index: number): HTMLElement[] {
  const { headline, comparison, note, quota, warnings, facts, parts, folders, droppings } = view;
  const words = comparison?.words ?? note;
  return [
    ...warnings.map(warningElement),
    element(
      'div',
      'overview',
      element(
        'div',
        'card wide',
        withTestId(element('p', 'headline', headline), 'headline'),
        words !== undefined && element('p', 'quiet', words),
        comparison && element('div', 'bars', ...comparison.bars.map(comparisonBar)),
        quota && quotaElement(quota),
      ),
      element('div', 'facts-grid', ...facts.map(factElement)),
    ),
    ...(folders.length === 0 ? [] : [foldersElement(folders, index)]),
    element('div', 'columns', partsElement(parts), droppedElement(droppings)),
  ];
}

function warningElement({ severity, message }: Warning): HTMLElement {
  const created = element('p', `warning ${severity}`, icon(severity), element('span', '', message));
  created.setAttribute('role', 'status');
  return created;
}

function comparisonBar({ name, size, share }: Share, index: number): HTMLElement {
  return element(
    'div',
    'bar-row',
    element('span', 'bar-name', name),
    element('div', 'bar-track', filled(`bar ${index === 0 ? 'full' : 'stored'}`, share)),
    element('span', 'bar-size', size),
  );
}

function quotaElement({ name, size, share }: Share): HTMLElement {
  const track = element('div', 'bar-track meter', filled(share > 0.9 ? 'bar near' : 'bar stored', share));
  track.setAttribute('role', 'meter');
  track.setAttribute('aria-label', storageStrings.quota);
  track.setAttribute('aria-valuemin', '0');
  track.setAttribute('aria-valuemax', '100');
  track.setAttribute('aria-valuenow', String(Math.round(share * 100)));
  track.setAttribute('aria-valuetext', `${name}, ${size}`);
  return element(
    'div',
    'quota',
    element(
      'div',
      'quota-words',
      element('span', '', storageStrings.quota),
      element('span', 'quiet', `${name} · ${size}`),
    ),
    withTestId(track, 'quota'),
  );
}

/** Draws a bar of at least a visible width. */
function filled(className: string, share: number): HTMLElement {
  const bar = element('div', className);
  bar.style.width = `max(3px, ${share * 100}%)`;
  return bar;
}

function factElement({ icon: name, name: words, value, detail }: Fact): HTMLElement {
  return element(
    'dl',
    'fact',
    element('dt', '', icon(name), element('span', '', words)),
    element('dd', 'fact-value', value),
    detail !== undefined && element('dd', 'quiet', detail),
  );
}

function foldersElement(folders: readonly Share[], index: number): HTMLElement {
  const tiles = treemap(
    folders.map(({ share }) => share),
    mapAspect,
  );
  const map = element('div', 'map', ...folders.map((folder, at) => tileElement(folder, tiles[at])));
  // Screen readers read the table below, which has the same data.
  map.setAttribute('aria-hidden', 'true');
  return element(
    'section',
    'card',
    element('h3', '', storageStrings.folders),
    element('p', 'quiet', storageStrings.foldersDetail),
    withTestId(map, 'folders-map'),
    foldersTable(folders, index),
  );
}

function tileElement({ name, size, detail }: Share, tile: ReturnType<typeof treemap>[number] | undefined): HTMLElement {
  const created = element('div', 'tile', element('span', 'tile-name', name), element('span', 'tile-size', size));
  created.title = [name, size, detail].filter(Boolean).join(' · ');
  if (!tile) return created;
  created.style.left = `${tile.left * 100}%`;
  created.style.top = `${tile.top * 100}%`;
  created.style.width = `${tile.width * 100}%`;
  created.style.height = `${tile.height * 100}%`;
  return created;
}

function foldersTable(folders: readonly Share[], index: number): HTMLElement {
  const cell = (words: string): HTMLElement => element('td', '', words);
  const heading = (words: string): HTMLElement => {
    const created = element('th', '', words);
    created.scope = 'col';
    return created;
  };
  const rows = folders.map(({ name, size, detail = '' }) => {
    const first = element('th', '', name);
    first.scope = 'row';
    return element('tr', '', first, cell(size), cell(detail));
  });
  const head = element(
    'tr',
    '',
    heading(storageStrings.folder),
    heading(storageStrings.size),
    heading(storageStrings.versions),
  );
  const table = element('table', 'table', element('thead', '', head), element('tbody', '', ...rows));
  return withTestId(
    element('details', '', element('summary', '', storageStrings.foldersTable), table),
    `folders-table-${index}`,
  );
}

function partsElement(parts: readonly Share[]): HTMLElement {
  const stack = element('div', 'stack', ...parts.map(({ share }, at) => segment(share, at)));
  stack.setAttribute('aria-hidden', 'true');
  const legend = parts.map(({ name, size, detail }, at) =>
    element(
      'li',
      '',
      element('span', `swatch part-${at}`),
      element('span', 'legend-name', name),
      element('span', 'legend-size', size),
      element('span', 'quiet', detail),
    ),
  );
  return element('section', 'card', element('h3', '', storageStrings.parts), stack, element('ul', 'legend', ...legend));
}

function segment(share: number, at: number): HTMLElement {
  const created = element('div', `segment part-${at}`);
  created.style.flexGrow = String(share);
  return created;
}

function droppedElement(droppings: readonly Fact[]): HTMLElement {
  const items = droppings.map(({ icon: name, name: when, value, detail }) =>
    element(
      'li',
      '',
      icon(name),
      element('span', 'dropping-when', when),
      element('span', '', value),
      element('span', 'quiet', detail),
    ),
  );
  return withTestId(
    element(
      'section',
      'card',
      element('h3', '', storageStrings.dropped),
      items.length === 0 ? element('p', 'quiet', storageStrings.nothingDropped) : element('ul', 'droppings', ...items),
    ),
    'dropped',
  );
}
