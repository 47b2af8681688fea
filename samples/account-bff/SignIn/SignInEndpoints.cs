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

        // The previous session, perhaps another user's, ends, and the new one never reuses a secret that the browser sent (session fixation).
        var before = sessions.Remove(http.Request.SessionSecret());
        http.Response.SetSession(await sessions.StartAsync(answer, pending.Studio, cancellation));
        if (before is not null)
        {
            await before.Tokens.SignOutAsync(cancellation);
        }

        return Results.LocalRedirect(pending.ReturnTo);
    }

    // The page has a sentence for each code; no text from the URL is shown.
    private static IResult Failed(string error) => Results.LocalRedirect($"/?failed={Uri.EscapeDataString(error)}");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex Slug();
}
