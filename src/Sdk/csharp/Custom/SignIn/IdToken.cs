using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>Who signed in, and what they may use.</summary>
/// <param name="Tokens">For the API.</param>
/// <param name="Who">As the ID token says.</param>
public sealed record CodeAnswer(TokenSet Tokens, IdToken Who);

/// <summary>What the authority tells of a person.</summary>
public sealed record UserInfo
{
    /// <summary>Who, at this authority.</summary>
    public required string Subject { get; init; }

    /// <summary>With the scope profile.</summary>
    public string? Name { get; init; }

    /// <summary>With the scope email.</summary>
    public string? Email { get; init; }

    /// <summary>All of it.</summary>
    public JsonElement Claims { get; init; }
}

/// <summary>What an ID token says (OpenID Connect Core 1.0, section 2), checked when it was read.</summary>
public sealed record IdToken
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Who, at this authority: an e-mail address may change hands, this does not.</summary>
    public required string Subject { get; init; }

    /// <summary>The session at the authority; null when it names none. Logout notices name it.</summary>
    public string? SessionId { get; init; }

    /// <summary>Where the authority says it here; many say it at <see cref="AuthorityClient.UserInfoAsync"/> only.</summary>
    public string? Name { get; init; }

    /// <summary>The same.</summary>
    public string? Email { get; init; }

    /// <summary>All of it.</summary>
    public JsonElement Claims { get; init; }

    /// <summary>
    /// The token came from the token endpoint over TLS, so its signature need not be checked again (section 3.1.3.7, 6); who it is from, for and about is checked.
    /// </summary>
    internal static IdToken Read(string token, string issuer, string clientId, string nonce, DateTimeOffset now)
    {
        var claims = Payload(token);
        var problem =
            Json.Text(claims, "iss") != issuer ? "is of another authority"
            : !IsFor(claims, clientId) ? "is for another client"
            : Json.Text(claims, "nonce") is not { } said || !Encoding64.AreEqual(said, nonce) ? "is of another sign-in"
            : Json.Number(claims, "exp") is not { } until || DateTimeOffset.FromUnixTimeSeconds(until) + Skew < now ? "has ended"
            : Json.Number(claims, "iat") is not { } from || DateTimeOffset.FromUnixTimeSeconds(from) - Skew > now ? "is of a time to come"
            : string.IsNullOrEmpty(Json.Text(claims, "sub")) ? "names nobody"
            : null;
        return problem is not null
            ? throw new AuthorityException("bad_answer", $"The ID token {problem}.")
            : new IdToken
            {
                Subject = Json.Text(claims, "sub")!,
                SessionId = Json.Text(claims, "sid"),
                Name = Json.Text(claims, "name"),
                Email = Json.Text(claims, "email"),
                Claims = claims,
            };
    }

    // Several audiences mean several who could have obtained it: then azp names the one.
    private static bool IsFor(JsonElement claims, string clientId)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            return false;
        }

        return audience.ValueKind == JsonValueKind.String
            ? audience.GetString() == clientId
            : audience.ValueKind == JsonValueKind.Array
                && audience.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && a.GetString() == clientId)
                && (audience.GetArrayLength() == 1 || Json.Text(claims, "azp") == clientId);
    }

    private static JsonElement Payload(string token)
    {
        var parts = token.Split('.');
        try
        {
            using var document = parts.Length == 3 ? Json.Parse(Encoding.UTF8.GetString(Encoding64.Bytes(parts[1]))) : throw new FormatException("not three parts");
            return document.RootElement.Clone();
        }
        catch (FormatException e)
        {
            throw new AuthorityException("bad_answer", "The ID token is none.", e);
        }
    }
}
