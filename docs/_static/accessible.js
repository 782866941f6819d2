// What the theme leaves out for readers with a keyboard or a screen reader.
document.addEventListener("DOMContentLoaded", () => {
  for (const caption of document.querySelectorAll('.caption[role="heading"]')) {
    caption.setAttribute("aria-level", "2");
  }
  // Tables and code may be wider than the page: then the keyboard must be able to scroll them.
  for (const region of document.querySelectorAll(".table-wrapper, pre")) {
    region.setAttribute("tabindex", "0");
  }
});
