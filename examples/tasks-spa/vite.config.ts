import { defineConfig, loadEnv, type Plugin } from "vite";

export default defineConfig(({ mode }) => ({
  plugins: [contentSecurityPolicy(loadEnv(mode, ".", "VITE_"))],
  // Redirect URI and CORS name this origin, so another port would only fail later.
  server: { port: 5173, strictPort: true },
  preview: { port: 5173, strictPort: true },
  build: {
    target: "es2022",
    // MSAL alone is larger than Vite's default of 500 kB would like.
    chunkSizeWarningLimit: 800,
    rollupOptions: { input: ["index.html", "redirect.html"] },
  },
}));

/**
 * Nothing but our own files, the API and the authority. Built pages only: Vite's development server works with inline
 * scripts and a web socket.
 */
function contentSecurityPolicy(env: Record<string, string>): Plugin {
  const [authority, api] = [originOf(env.VITE_AUTHORITY_HOST), originOf(env.VITE_API_BASE)];
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${authority} ${api}`,
    // The hidden frame in which MSAL renews: the authority, then redirect.html.
    `frame-src 'self' ${authority}`,
    "form-action 'self'",
    "base-uri 'none'",
  ].join("; ");
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

function originOf(address: string | undefined): string {
  return address ? new URL(address).origin : "";
}
