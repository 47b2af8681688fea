// The one script of these pages: it asks the browser for a passkey and puts the answer into the form, which is then sent like any other.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-button]");
  const error = form.querySelector("[data-passkey-error]");
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    continue;
  }

  button.hidden = false;
  button.addEventListener("click", async () => {
    error.textContent = "";
    button.disabled = true;
    try {
      const credential = await ask(form);
      form.elements.Credential.value = JSON.stringify(credential.toJSON());
      if (form.dataset.passkey === "create") {
        form.action = addressOf("Add");
      }
      form.submit();
    } catch (problem) {
      button.disabled = false;
      error.textContent =
        problem.name === "InvalidStateError"
          ? "This device has a passkey for your account already."
          : "No passkey was used. Try again, or choose another way.";
    }
  });
}

async function ask(form) {
  const token = form.elements.__RequestVerificationToken.value;
  const answer = await fetch(addressOf("Options"), { method: "POST", body: new URLSearchParams({ __RequestVerificationToken: token }) });
  if (!answer.ok) {
    throw new Error(`The server answered ${answer.status}.`);
  }

  const options = await answer.json();
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

function addressOf(handler) {
  const address = new URL(location.href);
  address.searchParams.set("handler", handler);
  return address.href;
}
