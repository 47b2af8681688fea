using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class ApplicationsPage(IConnectedApplications applications) : AccountPage
{
    [BindProperty]
    public string? Id { get; set; }

    public IReadOnlyList<ConnectedApplication> Connected { get; private set; } = [];

    public async Task OnGetAsync() => Connected = await applications.ListAsync(Account.Id, Cancellation);

    public async Task<IActionResult> OnPostAsync()
    {
        await applications.DisconnectAsync(Account.Id, Id ?? "", Cancellation);
        return SeeOther("/account/applications?done=application");
    }
}
