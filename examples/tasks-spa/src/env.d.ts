// `.env` as TypeScript sees it. Everything is text, and may be missing.
interface ImportMetaEnv {
  readonly [name: `VITE_${string}`]: string | undefined;
}
