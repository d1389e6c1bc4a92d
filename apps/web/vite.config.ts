import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // The one list of aliases: @fowergram/client is read from its sources.
  resolve: { tsconfigPaths: true },
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2023' },
  server: { port: 3000 },
});
