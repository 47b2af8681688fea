using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.Staff;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Commands;

/// <summary>Manages who runs the platform. This is possible only here, for someone with access to the machine.</summary>
internal static class StaffCommands
{
    /// <summary><c>add-platform-staff --issuer=https://… --subject=… [--name=…]</c>: lets the account run the platform, with a recent second factor.</summary>
    public static async Task<int> AddAsync(WebApplication app, IConfiguration options)
    {
        var (issuer, subject) = (options["issuer"] ?? "", options["subject"] ?? "");
        if (issuer.Length is 0 or > 255 || subject.Length is 0 or > 255)
        {
            await Console.Error.WriteLineAsync("--issuer and --subject: as the authority's tokens spell them (iss and sub).");
            return 1;
        }

        if (app.Services.GetRequiredService<Authorities>().Of(issuer) is null)
        {
            await Console.Error.WriteLineAsync($"--issuer: {issuer} is not configured under Authorities. Issuers are compared letter by letter.");
            return 1;
        }

        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var name = options["name"] is { Length: > 0 and <= 100 } given ? given : subject[..Math.Min(subject.Length, 100)];
        var added = await StaffDirectory.AddAsync(
            scope.ServiceProvider.GetRequiredService<ProofsheetDb>(), issuer, subject, name, app.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        Console.WriteLine(added ? $"{name} may run the platform, with a second factor of the last 15 minutes." : "This account is on the staff already.");
        return 0;
    }

    /// <summary><c>remove-platform-staff --issuer=… --subject=…</c>: takes effect within a minute.</summary>
    public static async Task<int> RemoveAsync(WebApplication app, IConfiguration options)
    {
        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        if (!await StaffDirectory.RemoveAsync(scope.ServiceProvider.GetRequiredService<ProofsheetDb>(), options["issuer"] ?? "", options["subject"] ?? ""))
        {
            await Console.Error.WriteLineAsync("No such account is on the staff.");
            return 1;
        }

        Console.WriteLine("Removed.");
        return 0;
    }
}
