/** Texts that try to run. `hit` is what they would call; `far` is a place that nothing may be asked of. */
export function hostileTexts(far: string): string[] {
  const hit = `hit(1)`
  return [
    `<script>${hit}</script>`,
    `<img src=x onerror=${hit}>`,
    `<svg onload=${hit}>`,
    `"><img src=x onerror=${hit}>`,
    `'><svg/onload=${hit}>`,
    `<iframe src="javascript:parent.${hit}"></iframe>`,
    `<a href="javascript:${hit}">press me</a>`,
    `javascript:${hit}`,
    `JaVaScRiPt:${hit}//https://shop.example`,
    `https://shop.example/"onmouseover="${hit}`,
    `https://shop.example/'onclick='${hit}`,
    `data:text/html,<script>${hit}</script>`,
    `vbscript:${hit}`,
    `[press](javascript:${hit})`,
    `![x](javascript:${hit})`,
    `<style>@import "${far}/style";*{background:url(${far}/style)}</style>`,
    `<link rel=stylesheet href=${far}/link>`,
    `<img src="${far}/picture">`,
    `<video src="${far}/video" autoplay></video>`,
    `<details open ontoggle=${hit}>`,
    `<math><mtext></form><form><mglyph><style></math><img src onerror=${hit}>`,
    `{{constructor.constructor('${hit}')()}}`,
    `\${${hit}}`,
    `<template><script>${hit}</script></template>`,
    `<noscript><p title="</noscript><img src=x onerror=${hit}>">`,
    `\u202Ehttps://shop.example/evil\u202C`,
    `http://shop.example@evil.example/`,
    `&lt;script&gt;${hit}&lt;/script&gt;`,
    `<form action=${far}/form><input type=submit autofocus onfocus=${hit}>`,
    `<base href="${far}/">`,
  ]
}

/** Names of files that try the same. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=hit(1)>.png',
  '"><script>hit(1)</script>.txt',
  '../../etc/passwd',
  '.htaccess',
  'page.html',
  'picture.svg',
  '\u202Egnp.exe',
  'a'.repeat(300) + '.txt',
]

/** Contents that run when a browser opens them as what they are. */
export const ACTIVE_FILES = [
  { name: 'page.html', mimeType: 'image/png', text: '<!doctype html><script>hit(1)</script>' },
  {
    name: 'picture.svg',
    mimeType: 'image/svg+xml',
    text: '<svg xmlns="http://www.w3.org/2000/svg"><script>hit(1)</script></svg>',
  },
  {
    name: 'page.xhtml',
    mimeType: 'application/xhtml+xml',
    text: '<html xmlns="http://www.w3.org/1999/xhtml"><script>hit(1)</script></html>',
  },
  {
    name: 'sheet.xml',
    mimeType: 'text/xml',
    text: '<?xml version="1.0"?><?xml-stylesheet href="#s" type="text/xsl"?><x/>',
  },
  { name: 'script.js', mimeType: 'text/javascript', text: 'hit(1)' },
]
