import { look } from '../src/web/look.js';
import {
  backendInProcess,
  goTo,
  NARROW,
  type OpenWeb,
  openWeb,
  postWith,
  share,
  signIn,
  type Visitor,
  WIDE,
} from '../src/web/open-web.js';

const SOON = { timeout: 30_000 };

/** apps/web as `npm start` serves it, in two browsers: a wide one in the light and a narrow one in the dark. */
describe('The web app', () => {
  let web: OpenWeb;
  let ann: Visitor;
  let bo: Visitor;

  beforeAll(async () => {
    web = await openWeb(backendInProcess);
  });
  afterAll(() => web?.stop());

  it('signs up, and says beside a field what is wrong with it', async () => {
    const page = await web.visit();
    expect(await look(page, 'sign-in')).toEqual([]);
    await page.setViewportSize(NARROW);
    expect(await look(page, 'sign-in')).toEqual([]);
    await page.setViewportSize(WIDE);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByLabel('E-mail').fill('nobody@users.test');
    await page.getByLabel('Username').fill('no spaces');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.locator('#username[aria-invalid=true]').waitFor();
    expect(await look(page, 'sign-up')).toEqual([]);
    await page.context().close();
    ann = await web.signUp('ann');
    bo = await web.signUp('bo', { viewport: NARROW, colorScheme: 'dark', hasTouch: true });
    expect(await look(bo.page, 'empty-feed')).toEqual([]);
  });

  it('finds somebody and follows them', async () => {
    await goTo(bo.page, 'Search');
    await bo.page.getByRole('searchbox').fill(ann.username);
    // It is gone again after some seconds.
    const toast = ann.page.getByRole('link', { name: `${bo.username} follows you` });
    const follow = bo.page.getByRole('button', { name: `Follow ${ann.username}` });
    await Promise.all([toast.waitFor(SOON), follow.click()]);
    await bo.page.getByRole('button', { name: `Unfollow ${ann.username}` }).waitFor();
    expect(await look(bo.page, 'search')).toEqual([]);
    await goTo(ann.page, 'Search');
    await ann.page.getByRole('heading', { name: 'You may know' }).waitFor();
    expect(await look(ann.page, 'search')).toEqual([]);
    await goTo(bo.page, 'Home');
  });

  it('posts a photo, which appears in the feed of a follower by itself', async () => {
    await share(ann.page, 'First light');
    await postWith(ann.page, 'First light').waitFor(SOON);
    await postWith(bo.page, 'First light').waitFor(SOON);
    expect(await look(ann.page, 'feed')).toEqual([]);
    expect(await look(bo.page, 'feed')).toEqual([]);
    expect(await postWith(bo.page, 'First light').getByAltText('Hills under a low sun').count()).toBe(1);
  });

  it('shows each of two users the likes of the other as they come, also after all connections were cut', async () => {
    await share(bo.page, 'Quiet lake', { seed: 8 });
    await postWith(bo.page, 'Quiet lake').waitFor(SOON);
    await postWith(ann.page, 'First light').waitFor(SOON);
    await postWith(bo.page, 'First light').getByRole('button', { name: 'Like, 0 likes' }).click();
    await postWith(ann.page, 'First light').getByRole('button', { name: 'Like, 1 like' }).waitFor(SOON);
    await ann.page.goto(`${web.url}/u/${bo.username}`);
    await ann.page.getByRole('link', { name: 'Hills under a low sun' }).click();
    const like = ann.page.getByRole('button', { name: 'Like, 0 likes' });
    await like.waitFor();
    await web.line.cut();
    await like.click();
    await ann.page.getByRole('button', { name: 'Like, 1 like' }).waitFor();
    await web.line.restore();
    await postWith(bo.page, 'Quiet lake').getByRole('button', { name: 'Like, 1 like' }).waitFor(SOON);
  });

  it('shows a comment to the author while they look at the post', async () => {
    await goTo(bo.page, 'Profile');
    await bo.page.getByRole('link', { name: 'Hills under a low sun' }).click();
    await ann.page.getByLabel('Your comment').fill('What a view!');
    await ann.page.getByRole('button', { name: 'Send' }).click();
    await bo.page.getByRole('listitem').filter({ hasText: 'What a view!' }).waitFor(SOON);
    expect(await look(ann.page, 'post')).toEqual([]);
    expect(await look(bo.page, 'post')).toEqual([]);
  });

  it('lists what others did', async () => {
    for (const { page } of [ann, bo]) {
      await goTo(page, 'Notifications');
      await page.getByRole('heading', { name: 'Notifications' }).waitFor();
      expect(await look(page, 'notifications')).toEqual([]);
    }
    expect(await bo.page.getByRole('listitem').allTextContents()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(`${ann.username} commented on your post: “What a view!”`),
        expect.stringMatching(`${ann.username} liked your post`),
      ]),
    );
  });

  it('shows a profile', async () => {
    for (const { page } of [ann, bo]) {
      await goTo(page, 'Profile');
      await page.getByText('1 post', { exact: true }).waitFor();
      await page.getByAltText('Hills under a low sun').waitFor();
      expect(await look(page, 'profile')).toEqual([]);
    }
  });

  it('lists sessions, and ends another one, which is signed out at once', async () => {
    const elsewhere = await web.visit();
    await signIn(elsewhere, bo.email);
    await bo.page.getByRole('link', { name: 'Sessions' }).click();
    await ann.page.getByRole('link', { name: 'Sessions' }).click();
    for (const { page } of [ann, bo]) {
      await page.getByText('This one').waitFor();
      expect(await look(page, 'sessions')).toEqual([]);
    }
    await bo.page.getByRole('button', { name: /^Sign out of/ }).click();
    await elsewhere.getByRole('heading', { name: 'Welcome back' }).waitFor(SOON);
    await elsewhere.context().close();
  });

  it('is where the links in mails lead: a verified address, a new password', async () => {
    const page = await web.visit();
    await page.goto(await web.backend.linkMailedTo!(bo.email, /e-mail|address|confirm|verify/i));
    await page.getByText('It is verified.').waitFor(SOON);
    await page.getByRole('link', { name: 'To Fowergram' }).click();
    await page.getByText('Forgot your password?').click();
    await page.getByLabel('Address of your account').fill(bo.email);
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await page.goto(await web.backend.linkMailedTo!(bo.email, /password/i));
    expect(await look(page, 'new-password')).toEqual([]);
    await page.getByLabel('New password').fill('another horse 2');
    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByText('It is changed.').waitFor(SOON);
    await page.getByRole('link', { name: 'To Fowergram' }).click();
    await signIn(page, bo.email, 'another horse 2');
    await page.context().close();
  });

  it('is used with the keyboard alone: skip link, sign-out by Enter', async () => {
    const { page } = ann;
    await page.goto(web.url);
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await goTo(page, 'New post');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('New post');
    expect(await look(page, 'new-post')).toEqual([]);
  });
});
