import '../language';
import { StorageApp, type StoragePageApi } from './storageApp';

declare function acquireVsCodeApi(): StoragePageApi;

new StorageApp(document.body, acquireVsCodeApi()).start();
