using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.SecondFactors;
using QRCoder;
using AppFactors = Proofsheet.Identity.Users.SecondFactors.SecondFactors;

namespace Proofsheet.Identity.Pages.Account;

/// <param name="Svg">The QR code.</param>
/// <param name="Typed">The same secret in groups of four.</param>
internal sealed record FactorSetup(string Svg, string Typed);

internal sealed class SecondFactorPage(AppFactors factors, SignIn signIn, AttemptLimits limits) : AccountPage
{
    [BindProperty]
    public string? Code { get; set; }

    public bool IsOn { get; private set; }

    public int CodesLeft { get; private set; }

    public FactorSetup? Setup { get; private set; }

    /// <summary>The new recovery codes, which are shown only once.</summary>
    public IReadOnlyList<string>? Codes { get; private set; }

    protected override bool NeedsFreshSignIn => true;

    public async Task OnGetAsync() => await ShowAsync();

    public async Task OnPostBeginAsync()
    {
        await ShowAsync();
        await ShowSetupAsync();
    }

    public async Task<IActionResult> OnPostConfirmAsync()
    {
        if (await limits.SignInAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        Codes = await factors.ConfirmAsync(Account.Id, Code, Cancellation);
        if (Codes is null)
        {
            await ShowSetupAsync();
            return Again("This is not the code that the app shows now. See whether the clock of your telephone is right.", nameof(Code));
        }

        await signIn.StepUpAsync(HttpContext, Who!, Cancellation);
        return Page();
    }

    public async Task OnPostCodesAsync()
    {
        await ShowAsync();
        Codes = IsOn ? await factors.RenewCodesAsync(Account.Id, Cancellation) : null;
    }

    public async Task<IActionResult> OnPostOffAsync()
    {
        await factors.TurnOffAsync(Account.Id, Cancellation);
        return SeeOther("/account/second-factor?done=app-off");
    }

    public IActionResult OnPostKept() => Interaction is null ? SeeOther("/account/second-factor") : GoOn();

    private async Task ShowAsync()
    {
        IsOn = await factors.IsOnAsync(Account.Id, Cancellation);
        CodesLeft = await factors.RecoveryCodesLeftAsync(Account.Id, Cancellation);
    }

    private async Task ShowSetupAsync()
    {
        if (await factors.BeginAsync(Account.Id, Cancellation) is not { } secret)
        {
            return;
        }

        using var code = QRCodeGenerator.GenerateQrCode(Totp.AddressOf(secret, "Proofsheet", Account.Email!), QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        Setup = new FactorSetup(
            svg.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute),
            string.Join(' ', Totp.ToBase32(secret).Chunk(4).Select(part => new string(part))));
    }
}
