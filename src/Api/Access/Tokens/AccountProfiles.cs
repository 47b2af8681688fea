using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Kernel;
using Proofsheet.Jose;

namespace Proofsheet.Api.Access;

/// <summary>What the authority says of an account.</summary>
/// <param name="VerifiedEmail">Null unless the authority says that it was verified.</param>
internal sealed record AccountProfile(string? VerifiedEmail, string? Name);

/// <summary>
/// Asks the authority who the account of this request is (OpenID Connect Core, 5.3), with the account's own token, since
/// access tokens for an API do not carry addresses.
/// </summary>
internal sealed class AccountProfiles(AccessTokens tokens, IHttpClientFactory clients, ILogger<AccountProfiles> log)
{
    private const int MaxNameLength = 100;
    private const int MaxEmailLength = 254;

    public async Task<(AccountProfile? Profile, ProblemHttpResult? Problem)> OfAsync(HttpContext http, CancellationToken cancellation)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var text = header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        var (token, _) = await tokens.CheckAsync(text, cancellation);
        if (token is null)
        {
            return (null, Unavailable());
        }

        if (token.VerifiedEmail is { Length: <= MaxEmailLength } email)
        {
            return (new AccountProfile(email, null), null);
        }

        // A bound token needs a proof for the authority's address, which only the client can make (RFC 9449, 7).
        var keys = await token.Authority.KeysForAsync(token.KeyId, cancellation);
        if (token.KeyThumbprint is not null || keys?.Address(token.Authority.Options, "userinfo_endpoint") is not { } address)
        {
            return (null, NotTold());
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", text);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await clients.CreateClient(Authority.HttpClientName).SendAsync(request, cancellation);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                return (null, NotTold());
            }

            answer.EnsureSuccessStatusCode();
            return StrictJson.TryParseObject(await answer.Content.ReadAsByteArrayAsync(cancellation), out var claims) && Text(claims, "sub") == token.Account.Subject
                ? (Read(claims), null)
                : (null, NotTold());
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogWarning(e, "The authority {Issuer} did not say who an account is.", token.Authority.Options.Issuer);
            return (null, Unavailable());
        }
    }

    private static AccountProfile Read(JsonElement claims)
    {
        var verified = claims.TryGetProperty("email_verified", out var said) && said.ValueKind == JsonValueKind.True;
        var name = Text(claims, "name")?.Trim();
        return new AccountProfile(
            verified && Text(claims, "email") is { Length: <= MaxEmailLength } email ? email : null,
            name is { Length: > 0 } ? name[..Math.Min(name.Length, MaxNameLength)] : null);
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ProblemHttpResult NotTold() =>
        Problems.Forbidden("email_not_known", "The authority does not say which verified address this account has. Ask for the scopes openid and email.");

    private static ProblemHttpResult Unavailable() =>
        Problems.Of(503, "authority_unavailable", "The authority cannot be reached. Send it again a moment later.");
}
