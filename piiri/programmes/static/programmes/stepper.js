// Buttons that count a number up and down. Without script they stay hidden, and the number is typed.

for (const button of document.querySelectorAll("button[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const number = button.parentElement.querySelector("input[type=number]");
    const before = number.value;
    if (Number(button.dataset.step) > 0) number.stepUp();
    else number.stepDown();
    if (number.value !== before) number.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
