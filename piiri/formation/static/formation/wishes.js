// A slider says its words, where the browser would say a number: those of its list of options.

function say(slider) {
  const word = [...(slider.list?.options ?? [])].find((option) => option.value === slider.value)?.label;
  if (word) slider.setAttribute("aria-valuetext", word);
}

const sliders = document.querySelectorAll("input[type=range][list]");
sliders.forEach(say);
document.addEventListener("input", (event) => {
  if (event.target.matches("input[type=range][list]")) say(event.target);
});
document.addEventListener("reset", () => setTimeout(() => sliders.forEach(say)));
