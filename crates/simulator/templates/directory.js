// Two conveniences; without this script everything else works.
const status = document.getElementById("status");

// Copy buttons, where the browser lets a page write to the clipboard.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.dataset.copy ? document.getElementById(button.dataset.copy).textContent : button.dataset.text;
    try {
      await navigator.clipboard.writeText(source);
      status.textContent = "Copied.";
      button.classList.add("done");
      setTimeout(() => { button.classList.remove("done"); status.textContent = ""; }, 1500);
    } catch {
      status.textContent = "The browser did not allow copying. Select the text instead.";
    }
  });
}

// The last requests, every three seconds while somebody looks.
const live = document.getElementById("live");
live.hidden = false;
setInterval(async () => {
  if (document.hidden || !live.querySelector("input").checked) return;
  try {
    const answer = await fetch("/sim", { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("requests-table");
    const shown = document.getElementById("requests-table");
    // Whoever reads in it with the keyboard keeps the place.
    const read = shown.contains(document.activeElement);
    if (fresh && !read && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
  } catch {
    // The simulator stopped; the next attempt may find it again.
  }
}, 3000);
