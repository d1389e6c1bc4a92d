import { query } from '../../../tools/stack/postgres.mjs';
import { Dice, randomFrom } from '../src/random.js';

const FIRST_NAMES =
  'anna maria john michael david sarah laura james robert emma olivia liam noah sofia mia lucas leon paul felix jonas julia lena marie lisa thomas peter andreas stefan christian martin alexander daniel benjamin elena ivan olga natalia yuki hiroshi kenji sakura wei li ming fatima mohammed ahmed ali omar hassan carlos jose juan luis miguel ana carmen isabel lucia pedro joao beatriz rafael camila diego andrea giulia marco francesca pierre jean louis chloe camille antoine nicolas élodie françois zoë åsa björn søren jürgen müge özlem'.split(
    ' ',
  );
const LAST_NAMES =
  'smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark lewis robinson walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts schmidt schneider fischer weber meyer wagner becker schulz hoffmann schäfer koch bauer richter klein wolf schröder neumann schwarz zimmermann braun krüger silva santos oliveira souza lima pereira ferreira costa rossi russo ferrari bianchi dubois durand moreau tanaka suzuki takahashi watanabe kim park choi wang zhang chen liu ivanov petrov smirnov kuznetsov yilmaz kaya demir öztürk'.split(
    ' ',
  );
const SYLLABLES =
  'ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi wa we ya yo za ze sha chi tri gro bran kel mor dan fer lin'.split(
    ' ',
  );
const RARE_FIRST_NAMES = 3_000;
const RARE_LAST_NAMES = 40_000;

/**
 * Inserts users whose names are as often the same as in a country: a few names are those of very many, most are rare. Three in a
 * hundred are banned. The same number makes the same name again.
 */
export async function insertNamedUsers(databaseUrl: string, from: number, count: number): Promise<void> {
  const users = Array.from({ length: count }, (_none, index) => namedUser(from + index));
  const column = (name: keyof (typeof users)[number]) => users.map((user) => user[name]);
  await query(databaseUrl, INSERT, [column('username'), column('displayName'), column('status')]);
}

function namedUser(number: number) {
  const dice = new Dice(number);
  const first = nameFrom(FIRST_NAMES, RARE_FIRST_NAMES, number);
  const last = nameFrom(LAST_NAMES, RARE_LAST_NAMES, number + 1e9);
  const displayName = dice.chance(0.8) ? `${first} ${last}` : dice.pick([first, '']);
  const [a, b] = [ascii(first), ascii(last)];
  const wish = dice.pick([`${a}.${b}`, `${a}_${b}`, `${a}${b}`, a, `the_${a}_${word(dice, 2)}`, word(dice, 3)]);
  return {
    username: `${wish.slice(0, 22)}${number.toString(36)}`,
    displayName,
    status: dice.chance(0.03) ? 'BANNED' : 'ACTIVE',
  };
}

/** The fourth power makes the first names of a list as common as the first names of a country. */
function nameFrom(common: string[], rare: number, seed: number): string {
  const index = Math.floor((common.length + rare) * randomFrom(seed)() ** 4);
  const name = common[index] ?? word(new Dice(index), 3);
  return name[0]!.toUpperCase() + name.slice(1);
}

const word = (dice: Dice, syllables: number): string => dice.list(syllables, () => dice.pick(SYLLABLES)).join('');
const ascii = (name: string): string =>
  name
    .toLowerCase()
    .replace('ø', 'o')
    .normalize('NFD')
    .replace(/[^a-z]/g, '');

const INSERT = `
  insert into profile (id, username, display_name, status)
  select gen_random_uuid(), u.username, u.display_name, u.status
  from unnest($1::text[], $2::text[], $3::text[]) as u (username, display_name, status)
  on conflict do nothing`;
