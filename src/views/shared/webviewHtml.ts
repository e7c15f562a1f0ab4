export interface WebviewPage {
  /** The webview's own source, for fonts and styles. */
  readonly cspSource: string;
  /** Random for each page, in base64. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** BCP 47 tag. */
  readonly language: string;
  /** Texts in that language by their English ones, as JSON; absent for English. */
  readonly words?: string;
}

/** The page of a webview. It holds no file or history contents; these arrive by message. */
export function webviewHtml({ cspSource, nonce, script, styles, language, words }: WebviewPage): string {
  const policy = `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}';`;
  const links = styles.map((href) => `<link rel="stylesheet" href="${attribute(href)}">`);
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${links.join('\n')}
<title>Obby</title>
</head>
<body${words === undefined ? '' : ` data-l10n="${attribute(words)}"`}>
<script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>`;
}

/** A value for an attribute in double quotes. */
function attribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
