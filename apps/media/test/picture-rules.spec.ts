import { checkHeader, checkType, InvalidPictureError, variantWidths } from '../src/pictures/picture.rules.js';

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
    expect(() => checkType('image/jpeg', 'image/jpeg')).not.toThrow();
  });

  it.each([
    [undefined, 'NOT_A_PICTURE'],
    ['application/xml', 'NOT_A_PICTURE'],
    ['image/heic', 'FORMAT_NOT_ACCEPTED'],
    ['image/png', 'TYPE_MISMATCH'],
  ])('refuses %s for a JPEG with the code %s', (sniffed, code) => {
    expect(() => checkType('image/jpeg', sniffed)).toThrow(
      expect.objectContaining({ rejection: { code, reason: expect.any(String) } }),
    );
  });

  it.each([
    [8_160, 6_144],
    [8_192, 6_144],
    [8_736, 5_856],
  ])('accepts %i × %i, which cameras call 50 megapixels', (width, height) => {
    expect(() => checkHeader('image/png', { format: 'png', width, height })).not.toThrow();
  });

  it('refuses what has more pixels, and says how many are accepted', () => {
    expect(() => checkHeader('image/png', { format: 'png', width: 8_193, height: 6_400 })).toThrow(/52 million/);
  });

  it('refuses what the decoder takes for something else', () => {
    expect(() => checkHeader('image/png', { format: 'svg', width: 10, height: 10 })).toThrow(InvalidPictureError);
  });
});
