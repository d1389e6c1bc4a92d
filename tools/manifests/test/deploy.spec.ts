import { type Manifest, parseYaml, readText } from '../src/files.js';
import { imageViolations } from '../src/images.js';

const caddyfile = readText('tools/docker/caddy/Caddyfile');
const override = parseYaml(readText('docker-compose.tls.yml'));
const compose = parseYaml(readText('docker-compose.yml'));

describe('One host with TLS by Caddy', () => {
  it('lets clients at the paths of the ingress of production, and at no other', () => {
    const [api] = parseYaml(readText('k8s/overlays/production/ingress.yaml')).spec.rules;
    const allowed = api.http.paths.flatMap(({ path, pathType }: Manifest) =>
      pathType === 'Prefix' ? [path, `${path}/*`] : [path],
    );
    expect(/@clients path (.*)/.exec(caddyfile)?.[1]?.split(' ').sort()).toEqual(allowed.sort());
    expect(caddyfile.match(/handle \{\n\t\trespond 404\n/g)).toHaveLength(2);
  });

  it('sends them to services and ports that compose has', () => {
    const targets = [...caddyfile.matchAll(/reverse_proxy ([a-z]+):(\d+)/g)].map(([, name, port]) => [name!, port!]);
    expect(targets).toHaveLength(2);
    for (const [name, port] of targets)
      expect(compose.services[name!].ports.filter((each: string) => each.endsWith(`:${port}`))).toHaveLength(1);
    expect(override.services.caddy.depends_on).toEqual(targets.map(([name]) => name));
  });

  it('adds one pinned and closed container, with the variables that its file reads', () => {
    expect(Object.keys(override.services)).toEqual(['caddy']);
    const { image, environment, ...caddy } = override.services.caddy;
    expect(imageViolations(image, '0.0.0')).toEqual([]);
    expect(caddy).toMatchObject({ read_only: true, cap_drop: ['ALL'], cap_add: ['NET_BIND_SERVICE'] });
    const read = new Set([...caddyfile.matchAll(/\{\$(\w+)\}/g)].map(([, name]) => name));
    expect(Object.keys(environment).sort()).toEqual([...read].sort());
    const guide = readText('docs/deploy.md');
    expect(Object.keys(environment).filter((name) => !guide.includes(`${name}=`))).toEqual([]);
  });
});
