import { acceptedType, checkHeader, InvalidPictureError, variantWidths } from '../src/processing/picture.rules.js';

describe('variantWidths', () => {
  it.each([
    [1_080, [320, 640, 1_080]],
    [800, [320, 640, 800]],
    [640, [320, 640]],
    [320, [320]],
    [17, [17]],
  ])('never exceeds the width of a picture that is %i wide', (width, expected) => {
    expect(variantWidths(width)).toEqual(expected);
  });
});

describe('The check of a picture', () => {
  it('accepts what was announced and is a picture', () => {
    expect(acceptedType('image/jpeg', { ext: 'jpg', mime: 'image/jpeg' })).toBe('image/jpeg');
    expect(acceptedType('image/png', { ext: 'apng', mime: 'image/apng' })).toBe('image/png');
  });

  it.each([
    undefined,
    { ext: 'svg', mime: 'application/xml' },
    { ext: 'heic', mime: 'image/heic' },
    { ext: 'png', mime: 'image/png' },
  ])('refuses %j for a JPEG', (sniffed) => {
    expect(() => acceptedType('image/jpeg', sniffed)).toThrow(InvalidPictureError);
  });

  it('accepts at most 50 million pixels', () => {
    expect(() => checkHeader('image/png', { format: 'png', width: 10_000, height: 5_000 })).not.toThrow();
    expect(() => checkHeader('image/png', { format: 'png', width: 10_001, height: 5_000 })).toThrow(/50 million/);
  });

  it('refuses what the decoder takes for something else', () => {
    expect(() => checkHeader('image/png', { format: 'svg', width: 10, height: 10 })).toThrow(InvalidPictureError);
  });
});
