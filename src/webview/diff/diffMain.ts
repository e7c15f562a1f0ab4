import '../language';
import { DiffApp } from './diffApp';
import type { WebviewApi } from './panelPort';

declare function acquireVsCodeApi(): WebviewApi;

new DiffApp(document.body, acquireVsCodeApi()).start();
