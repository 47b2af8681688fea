using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Users.Limits;

namespace Proofsheet.Identity.Pages;

/// <summary>
/// The page where a device's code is typed (RFC 8628). A code in the URL only fills in the field: someone who follows an attacker's link still
/// has to press two buttons, and reads what the second one does (section 5.4, remote phishing).
/// </summary>
internal sealed class DevicePage(IDeviceRequests devices, AttemptLimits limits) : AuthorityPage
{
    [FromQuery(Name = "outcome")]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? UserCode { get; set; }

    [BindProperty]
    public string? Answer { get; set; }

    public DeviceRequest? Found { get; private set; }

    public void OnGet([FromQuery(Name = "user_code")] string? code)
    {
        UserCode = code is { Length: <= 40 } ? code : null;
        Outcome = Outcome is "allowed" or "refused" ? Outcome : null;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Outcome = null;
        var code = UserCode?.Trim() ?? "";
        if (await limits.SignInAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        if (await devices.FindAsync(code, Cancellation) is not { } request)
        {
            return Again("This code is not right, or has expired. See what the device shows now.", nameof(UserCode));
        }

        switch (Answer)
        {
            case "allow" when await devices.ApproveAsync(code, Who!, Cancellation):
                return SeeOther("/device?outcome=allowed");
            case "deny":
                await devices.DenyAsync(code, Cancellation);
                return SeeOther("/device?outcome=refused");
            case "allow":
                return Again("This code has expired. See what the device shows now.", nameof(UserCode));
            default:
                Found = request;
                return Page();
        }
    }
}
