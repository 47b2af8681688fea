using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Passkeys;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class PasskeysPage(Passkeys passkeys, UserManager<User> users) : AccountPage
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Id { get; set; }

    /// <summary>The response of the new passkey, as JSON.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    public IList<UserPasskeyInfo> Keys { get; private set; } = [];

    protected override bool NeedsFreshSignIn => true;

    public async Task OnGetAsync() => Keys = await passkeys.ListAsync(await OwnerAsync());

    public async Task<IActionResult> OnPostOptionsAsync() =>
        Content(await passkeys.BeginAddingAsync(HttpContext, await OwnerAsync(), Cancellation), "application/json");

    public async Task<IActionResult> OnPostAddAsync()
    {
        var owner = await OwnerAsync();
        if (!string.IsNullOrEmpty(Credential) && await passkeys.AddAsync(HttpContext, owner, Credential, Name, Cancellation))
        {
            return SeeOther("/account/passkeys?done=passkey");
        }

        Keys = await passkeys.ListAsync(owner);
        return Again("The passkey was not accepted. Try again.");
    }

    public async Task<IActionResult> OnPostRenameAsync()
    {
        if (TryId(out var id))
        {
            await passkeys.RenameAsync(await OwnerAsync(), id, Name);
        }

        return SeeOther("/account/passkeys?done=renamed");
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        if (TryId(out var id))
        {
            await passkeys.RemoveAsync(await OwnerAsync(), id, Cancellation);
        }

        return SeeOther("/account/passkeys?done=passkey-removed");
    }

    private bool TryId(out byte[] id)
    {
        id = Id is { Length: > 0 and < 2048 } && Base64Url.IsValid(Id) ? Base64Url.DecodeFromChars(Id) : [];
        return id.Length > 0;
    }

    private async Task<User> OwnerAsync() => (await users.FindByIdAsync(Account.Id))!;
}
