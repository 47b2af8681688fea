using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Proofsheet.AccountBff.Sessions;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.SignIn;

internal static partial class SignInEndpoints
{
    private const string ReturnPath = "/bff/signed-in";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/bff/sign-in", StartAsync);
        routes.MapGet(ReturnPath, CompleteAsync);
    }

    public static Uri AddressOf(this HttpContext http, string path) =>
        new(http.RequestServices.GetRequiredService<IOptions<BffOptions>>().Value.PublicUrl ?? new Uri($"{http.Request.Scheme}://{http.Request.Host}"), path);

    private static async Task<IResult> StartAsync(
        HttpContext http, string? returnTo, string? studio, string? prompt, CodeSignIn signIn, IDataProtectionProvider protection, CancellationToken cancellation)
    {
        if (studio is not null && !Slug().IsMatch(studio))
        {
            return Results.BadRequest();
        }

        try
        {
            var options = new CodeRequestOptions { Tenant = studio, Prompt = prompt is "create" or "login" ? prompt : null };
            var request = await signIn.StartAsync(http.AddressOf(ReturnPath), options, cancellation);
            new PendingSignIn(request, LocalPath.Of(returnTo), studio).Keep(http, protection);
            return Results.Redirect(request.Address.AbsoluteUri);
        }
        catch (AuthorityException e)
        {
            return Failed(e.Error);
        }
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext http, CodeSignIn signIn, SessionStore sessions, IDataProtectionProvider protection, ILogger<CodeSignIn> log, CancellationToken cancellation)
    {
        if (PendingSignIn.Take(http, protection) is not { } pending)
        {
            return Failed("unknown_state");
        }

        CodeAnswer answer;
        try
        {
            var query = http.Request.Query.SelectMany(q => q.Value, (q, value) => KeyValuePair.Create(q.Key, value ?? ""));
            answer = await signIn.CompleteAsync(pending.Request, query, cancellation);
        }
        catch (AuthorityException e)
        {
            log.LogInformation("A sign-in failed: {Error}", e.Error);
            return Failed(e.Error);
        }

        // A browser that was signed in before, perhaps as someone else, is so no more; and whatever secret it brought is not the new one's (fixation).
        var before = sessions.Remove(http.Request.SessionSecret());
        http.Response.SetSession(await sessions.StartAsync(answer, pending.Studio, cancellation));
        if (before is not null)
        {
            await before.Tokens.SignOutAsync(cancellation);
        }

        return Results.LocalRedirect(pending.ReturnTo);
    }

    // The page knows a sentence for each; nothing of the address is shown.
    private static IResult Failed(string error) => Results.LocalRedirect($"/?failed={Uri.EscapeDataString(error)}");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex Slug();
}
