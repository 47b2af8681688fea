using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Http;
using Proofsheet.Jose;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>What the authority knows about an account.</summary>
/// <param name="VerifiedEmail">Null unless the authority says that it was verified.</param>
internal sealed record AccountProfile(string? VerifiedEmail, string? Name);

/// <summary>
/// Finds out who the account of this request is, since access tokens for an API do not contain email addresses: from an ID token that
/// is sent with the request, or by asking the authority with the account's own token (OpenID Connect Core, 5.3).
/// </summary>
internal sealed class AccountProfiles(AccessTokenVerifier tokens, IHttpClientFactory clients, TimeProvider clock, ILogger<AccountProfiles> log)
{
    private const int MaxNameLength = 100;

    /// <param name="idToken">From the same sign-in, if the client sent it; if null, the authority is asked.</param>
    public async Task<(AccountProfile? Profile, ProblemHttpResult? Problem)> OfAsync(HttpContext http, string? idToken, CancellationToken cancellation)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var text = header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        var (token, _) = await tokens.CheckAsync(text, cancellation);
        if (token is null)
        {
            return (null, Unavailable());
        }

        if (token.VerifiedEmail is { Length: <= EmailAddress.MaxLength } email)
        {
            return (new AccountProfile(email, null), null);
        }

        if (idToken is not null)
        {
            return await OfIdTokenAsync(idToken, token, cancellation) is { } told ? (told, null) : (null, NotTold());
        }

        // A bound token needs a proof for the authority's URL, which only the client can make (RFC 9449, 7).
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

    /// <summary>OpenID Connect Core, 3.1.3.7: signed by the same authority, for the same client, about the same account, and not expired.</summary>
    private async Task<AccountProfile?> OfIdTokenAsync(string idToken, VerifiedToken token, CancellationToken cancellation)
    {
        var options = token.Authority.Options;
        if (await token.Authority.KeysForAsync(token.KeyId, cancellation) is not { } keys)
        {
            return null;
        }

        var signed = Jws.Verify(idToken, options.AllowedAlgorithms, keys.Of);
        if (!signed.IsValid || !(signed.Header.Type is null || signed.Header.Type.Equals("JWT", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var result = Jwt.Validate(signed, new JwtRules
        {
            Type = null, Issuer = options.Issuer, Audiences = [token.Account.ClientId], Skew = TimeSpan.FromSeconds(options.SkewSeconds), RequireIssuedAt = true, RequiredTexts = ["sub"],
        }, clock.GetUtcNow());
        return result.IsValid && result.Text("sub") == token.Account.Subject && !result.Claims.TryGetProperty("events", out _) ? Read(result.Claims) : null;
    }

    private static AccountProfile Read(JsonElement claims)
    {
        var verified = claims.TryGetProperty("email_verified", out var said) && said.ValueKind == JsonValueKind.True;
        var name = Text(claims, "name")?.Trim();
        return new AccountProfile(
            verified && Text(claims, "email") is { Length: <= EmailAddress.MaxLength } email ? email : null,
            name is { Length: > 0 } ? name[..Math.Min(name.Length, MaxNameLength)] : null);
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ProblemHttpResult NotTold() =>
        Problems.Forbidden("email_not_known", "The authority does not say which verified address this account has. Ask for the scopes `openid` and `email`.");

    private static ProblemHttpResult Unavailable() =>
        Problems.Of(503, "authority_unavailable", "The authority cannot be reached. Try again in a moment.");
}
