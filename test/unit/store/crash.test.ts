import { testCrashes } from './crashTest';

testCrashes(__filename);
