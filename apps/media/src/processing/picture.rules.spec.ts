import { acceptedType, checkHeader, PictureFault, variantWidths } from './picture.rules.js';

describe('the widths of the variants', () => {
  it.each([
    [1_080, [320, 640, 1_080]],
    [800, [320, 640, 800]],
    [640, [320, 640]],
    [320, [320]],
    [17, [17]],
  ])('of a picture that is %i wide are never more than that', (width, expected) => {
    expect(variantWidths(width)).toEqual(expected);
  });
});

describe('what is accepted', () => {
  it('is what was announced and is a picture', () => {
    expect(acceptedType('image/jpeg', { ext: 'jpg', mime: 'image/jpeg' })).toBe('image/jpeg');
    expect(acceptedType('image/png', { ext: 'apng', mime: 'image/apng' })).toBe('image/png');
  });

  it.each([
    undefined,
    { ext: 'svg', mime: 'application/xml' },
    { ext: 'heic', mime: 'image/heic' },
    { ext: 'png', mime: 'image/png' },
  ])('is not %j for a JPEG', (sniffed) => {
    expect(() => acceptedType('image/jpeg', sniffed)).toThrow(PictureFault);
  });

  it('has at most 50 million pixels', () => {
    expect(() => checkHeader('image/png', { format: 'png', width: 10_000, height: 5_000 })).not.toThrow();
    expect(() => checkHeader('image/png', { format: 'png', width: 10_001, height: 5_000 })).toThrow(/50 million/);
  });

  it('is what the decoder takes it for as well', () => {
    expect(() => checkHeader('image/png', { format: 'svg', width: 10, height: 10 })).toThrow(PictureFault);
  });
});
