/** WXSS as CSS: rpx are 750ths of the phone's width; `page` is the element that holds a page. */

export function toBrowserCss(wxss) {
  return wxss
    .replace(/(-?[\d.]+)rpx/g, "calc($1 * var(--rpx))")
    .replace(/(^|[\s,}])page(?=\s*[,{])/g, "$1.lvz-page");
}
