// In the browser that wrote the form the press in the mail is enough: the page presses its one button.
document.querySelector("form[data-press]")?.requestSubmit();
