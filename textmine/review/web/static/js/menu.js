/** The menu of pages in a narrow window. */
const button = document.querySelector(".menu-button");

button?.addEventListener("click", () => {
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
});
