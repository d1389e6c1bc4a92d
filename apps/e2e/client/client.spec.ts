import { browserQueueTests } from './browser-queue.js';
import { browserTests } from './browser.js';
import { packageTests } from './package.js';
import { queueTests } from './queue.js';
import { reactNativeTests } from './react-native.js';
import { requestTests } from './requests.js';
import { type Scene, startScene } from './scene.js';
import { sessionTests } from './sessions.js';
import { subscriptionTests } from './subscriptions.js';
import { uploadTests } from './uploads.js';

/** @fowergram/client against all five services, by way of a proxy that cuts its connections. */
describe('@fowergram/client', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene?.stop());

  sessionTests(() => scene);
  requestTests(() => scene);
  subscriptionTests(() => scene);
  uploadTests(() => scene);
  queueTests(() => scene);
  packageTests(() => scene);
  reactNativeTests(() => scene);
  browserTests(() => scene);
  browserQueueTests(() => scene);
});
