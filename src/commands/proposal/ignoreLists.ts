/** Lines for `.obbyignore` that suit every folder. None is anchored, so they apply at any depth. */
export interface IgnoreLists {
  readonly dependencies: readonly string[];
  readonly output: readonly string[];
  readonly binary: readonly string[];
  readonly temporary: readonly string[];
  readonly secrets: readonly string[];
}

/**
 * A plain word such as `build` ends with `/`, since a file may have that name. A name that only tools use does not, so
 * that it also matches a link to the folder.
 */
export const ignoreLists: IgnoreLists = {
  dependencies: words(`
    node_modules bower_components jspm_packages .pnpm-store .pnp.* **/.yarn/cache/ **/.yarn/unplugged/
    .venv venv/ __pypackages__ site-packages/ vendor/ .bundle/ Pods/ **/Carthage/Build/ .gradle .m2
    .terraform .dart_tool .pub-cache elm-stuff .stack-work .cpcache`),
  output: words(`
    dist/ build/ out/ target/ obj/ _build/ **/bin/Debug/ **/bin/Release/ dist-newstyle/ cmake-build-*/ CMakeFiles/
    DerivedData/ xcuserdata/ zig-cache/ zig-out/ .zig-cache cdk.out/ storybook-static/
    .next .nuxt .output .svelte-kit .astro .angular .docusaurus .vercel .netlify .serverless .aws-sam .expo .vite .vs
    coverage/ htmlcov/ test-results/ playwright-report/ .nyc_output
    .cache .turbo .nx .parcel-cache .sass-cache .eslintcache .stylelintcache *.tsbuildinfo
    __pycache__ *.pyc *.pyo *.egg-info/ .eggs .mypy_cache .pytest_cache .ruff_cache .tox .nox .hypothesis
    .ipynb_checkpoints`),
  binary: words(`
    *.zip *.tar *.tgz *.gz *.bz2 *.xz *.zst *.7z *.rar *.jar *.war *.iso *.dmg *.vsix
    *.mp3 *.wav *.flac *.m4a *.ogg *.mp4 *.mov *.avi *.mkv *.webm
    *.exe *.dll *.so *.dylib *.a *.o *.lib *.pdb *.class *.wasm
    *.sqlite *.sqlite3 *.db *.db-wal *.db-shm *.db-journal *.mdb *.parquet *.safetensors`),
  temporary: words(String.raw`
    *.tmp *.temp *~ *.swp *.swo *.bak *.orig *.rej *.part *.crdownload .~lock.* ~$* .#* \#*# .nfs* .fuse_hidden*
    *.log npm-debug.log* yarn-debug.log* yarn-error.log* pnpm-debug.log* lerna-debug.log* tmp/ temp/
    .DS_Store ._* Thumbs.db desktop.ini $RECYCLE.BIN/ .Trashes .svn .hg CVS/ .vscode/ .idea/`),
  secrets: words(`
    .env* *.env *.pem *.key *.p8 *.p12 *.pfx *.pk8 *.ppk *.jks *.keystore *.bks *.kdb *.kdbx *.ovpn *.agekey
    id_rsa* id_dsa* id_ecdsa* id_ed25519* secring.* .ssh .gnupg .aws .azure .kube **/.config/gcloud .password-store
    .npmrc .pypirc .netrc _netrc .git-credentials .pgpass .my.cnf .mylogin.cnf .htpasswd .boto .s3cfg .dockercfg
    **/.docker/config.json auth.json token.json credentials .credentials* *credentials*.json credentials.y*ml
    client_secret*.json *service-account*.json *serviceAccount*.json *firebase-adminsdk*.json gha-creds-*.json
    local.settings.json secret.json secret.y*ml secrets.json secrets.y*ml secrets.toml *.secret *.secrets
    *.tfstate *.tfstate.* *.tfvars *.tfvars.json .terraformrc terraform.rc .vault-token .vault_pass*
    kubeconfig* *.kubeconfig .*_history .viminfo .lesshst .Xauthority .ICEauthority`),
};

/** Files that match `.env*` but are meant to be shared. */
export const exampleNames: ReadonlySet<string> = new Set(words('.env.example .env.sample .env.template .env.dist'));

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
