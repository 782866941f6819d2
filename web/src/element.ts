// Elements made without markup: what comes from data is only ever text.

type Child = Node | string | null | undefined | false;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

export function button(text: string, label: string, action: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", "aria-label": label, title: label }, text);
  made.addEventListener("click", action);
  return made;
}

export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = element("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/// A text with a button that copies it.
export function copyable(text: string, what: string): HTMLElement {
  const shown = element(
    "pre",
    { tabindex: "0", role: "region", "aria-label": what },
    element("code", {}, text),
  );
  const copy = button("Copy", `Copy ${what}`, async () => {
    const done = await copyText(text, shown);
    copy.textContent = done ? "Copied" : "Press Ctrl-C";
    setTimeout(() => {
      copy.textContent = "Copy";
    }, 2000);
  });
  copy.classList.add("copy");
  copy.setAttribute("aria-live", "polite");
  return element("div", { class: "copyable" }, copy, shown);
}

async function copyText(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not every browser lets a page from disk do that: select it for the reader.
    const range = document.createRange();
    range.selectNodeContents(shown);
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    return document.execCommand("copy");
  }
}

export function select(
  label: string,
  options: string[],
  start: number,
  chosen: (index: number) => void,
): HTMLElement {
  const box = element("select", { "aria-label": label });
  options.forEach((option, i) => {
    box.append(element("option", { value: String(i) }, option));
  });
  box.selectedIndex = start;
  box.addEventListener("change", () => chosen(box.selectedIndex));
  return element("label", { class: "choice" }, element("span", {}, label), box);
}
