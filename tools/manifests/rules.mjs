// Writes the alerts for the operator of Prometheus from monitoring/alerts/fowergram.yml; --check fails where they are not fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'k8s/components/monitoring/rules.yaml');
const head = `# Written by \`node tools/manifests/rules.mjs\` from monitoring/alerts/fowergram.yml: do not edit.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: fowergram
  labels: { app.kubernetes.io/name: fowergram }
spec:
`;

const alerts = readFileSync(join(root, 'monitoring/alerts/fowergram.yml'), 'utf8');
const fresh = head + alerts.slice(alerts.indexOf('groups:')).replace(/^(?=.)/gm, '  ');

if (!process.argv.includes('--check')) writeFileSync(file, fresh);
else if (readFileSync(file, 'utf8') !== fresh) {
  console.error('k8s/components/monitoring/rules.yaml is stale: run node tools/manifests/rules.mjs');
  process.exitCode = 1;
}
