import * as vscode from 'vscode';
import type { ObbyApi, SearchQuery } from '../../api/api';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { detached, type Log } from '../../base/log';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import { contextKeys, views } from '../../ids';
import { ContextKey } from '../shared/contextKey';
import { oneLine } from '../text/displayText';
import type { VersionText } from '../text/versionText';
import { searchFileItem, searchHitItem } from './searchItems';
import { SearchResults, type SearchNode } from './searchRows';
import { filterTexts, progressText, quotedPattern } from './searchText';

export interface SearchViewOptions {
  readonly api: Pick<ObbyApi, 'history'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
  readonly text: VersionText;
}

/** More rows than a person looks through. */
const maxHits = 2_000;
/** Limits refreshes while results come in. */
const refreshMs = 150;

/** The tree *Search*: lines that came or went in any version, grouped by file. */
export class SearchView implements vscode.TreeDataProvider<SearchNode>, Disposable {
  private readonly disposables = new DisposableStore();
  private readonly rowsChanged = this.disposables.add(new vscode.EventEmitter<undefined>());
  private readonly refresher: ThrottledDelayer;
  private readonly tree: vscode.TreeView<SearchNode>;
  private readonly hasSearch: ContextKey<boolean>;
  private readonly isSearching: ContextKey<boolean>;
  private results = new SearchResults();
  private shown: SearchQuery | undefined;
  private running: vscode.CancellationTokenSource | undefined;
  private end = { isCut: false, unreadable: 0 };
  private failure: string | undefined;

  readonly onDidChangeTreeData = this.rowsChanged.event;

  constructor(private readonly options: SearchViewOptions) {
    const { clock, log } = options;
    const onError = (error: unknown): void => log.error(messageOf(error));
    this.hasSearch = new ContextKey(contextKeys.hasSearch, log);
    this.isSearching = new ContextKey(contextKeys.isSearching, log);
    this.refresher = this.disposables.add(
      new ThrottledDelayer(
        () => {
          this.refresh();
          return Promise.resolve();
        },
        onError,
        clock,
        refreshMs,
      ),
    );
    this.tree = this.disposables.add(
      vscode.window.createTreeView(views.search, { treeDataProvider: this, showCollapseAll: true }),
    );
  }

  /** The query whose results are shown; undefined before the first search. */
  get query(): SearchQuery | undefined {
    return this.shown;
  }

  /** Searches, and shows the results as they come. Resolves when the search has ended. */
  async search(query: SearchQuery): Promise<void> {
    this.cancel();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    this.show(query);
    try {
      await vscode.window.withProgress({ location: { viewId: views.search } }, () => this.collect(query, source));
    } catch (error) {
      if (this.running === source) this.failure = oneLine(messageOf(error));
      this.options.log.warn(`A search failed: ${messageOf(error)}`);
    } finally {
      source.dispose();
      if (this.running === source) {
        this.running = undefined;
        this.refresh();
      }
    }
  }

  cancel(): void {
    this.running?.cancel();
    if (this.running) this.end = { ...this.end, isCut: true };
  }

  clear(): void {
    this.cancel();
    this.running = undefined;
    this.show(undefined);
  }

  getChildren(row?: SearchNode): SearchNode[] {
    if (!row) return this.results.rows;
    return row.type === 'searchFile' ? [...row.hits] : [];
  }

  getTreeItem(row: SearchNode): vscode.TreeItem {
    const { text } = this.options;
    return row.type === 'searchFile' ? searchFileItem(row, text) : searchHitItem(row, text);
  }

  dispose(): void {
    this.cancel();
    this.disposables.dispose();
  }

  private show(query: SearchQuery | undefined): void {
    this.shown = query;
    this.results = new SearchResults();
    this.end = { isCut: false, unreadable: 0 };
    this.failure = undefined;
    this.refresh();
    if (query) detached(this.reveal(), this.options.log, 'The view Search was not shown');
  }

  private async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${views.search}.focus`);
  }

  private async collect(query: SearchQuery, { token }: vscode.CancellationTokenSource): Promise<void> {
    const { results } = this;
    const hits = this.options.api.history.search(query, token);
    for (let next = await hits.next(); ; next = await hits.next()) {
      if (this.results !== results) return;
      if (next.done) {
        this.end = { ...this.end, unreadable: next.value.unreadable };
        return;
      }
      if (results.count === maxHits) {
        this.cancel();
        return;
      }
      results.add(next.value);
      this.refresher.request();
    }
  }

  private refresh(): void {
    const { shown, results, failure, running, end } = this;
    const { text } = this.options;
    this.hasSearch.set(shown !== undefined);
    this.isSearching.set(running !== undefined);
    this.tree.description = shown ? [quotedPattern(shown), ...filterTexts(shown, text)].join(' · ') : '';
    const progress = { hits: results.count, files: results.rows.length, isRunning: running !== undefined, ...end };
    this.tree.message = shown ? (failure ?? progressText(shown, progress, text)) : '';
    this.rowsChanged.fire(undefined);
  }
}
