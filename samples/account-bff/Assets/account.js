// The one thing here that needs a script: signing out is a POST with a header that no other site can send.
const button = document.getElementById("sign-out");
if (button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const response = await fetch("/bff/sign-out", { method: "POST", headers: { "X-CSRF": "1" } });
      if (!response.ok) throw new Error(`${response.status}`);
      location.assign((await response.json()).location);
    } catch {
      button.disabled = false;
      button.textContent = "Try again to sign out";
    }
  });
}
