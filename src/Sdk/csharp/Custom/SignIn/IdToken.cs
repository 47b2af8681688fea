using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>The result of a sign-in.</summary>
/// <param name="Tokens">The tokens for the API.</param>
/// <param name="Who">The signed-in user, from the ID token.</param>
public sealed record CodeAnswer(TokenSet Tokens, IdToken Who);

/// <summary>What the authority knows about a user.</summary>
public sealed record UserInfo
{
    /// <summary>The user's stable ID at this authority.</summary>
    public required string Subject { get; init; }

    /// <summary>Requires the scope profile.</summary>
    public string? Name { get; init; }

    /// <summary>Requires the scope email.</summary>
    public string? Email { get; init; }

    /// <summary>All claims of the response.</summary>
    public JsonElement Claims { get; init; }
}

/// <summary>A validated ID token (OpenID Connect Core 1.0, section 2).</summary>
public sealed record IdToken
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>The user's stable ID at this authority. Use this one as a key: an email address can change hands.</summary>
    public required string Subject { get; init; }

    /// <summary>The session at the authority, which logout notices refer to; null when the authority does not name it.</summary>
    public string? SessionId { get; init; }

    /// <summary>The user's name, when the ID token has it; many authorities only return it from <see cref="AuthorityClient.UserInfoAsync"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The user's email address, when the ID token has it.</summary>
    public string? Email { get; init; }

    /// <summary>All claims of the ID token.</summary>
    public JsonElement Claims { get; init; }

    /// <summary>
    /// The token came from the token endpoint over TLS, so its signature need not be checked (section 3.1.3.7, 6); its claims are.
    /// </summary>
    internal static IdToken Read(string token, string issuer, string clientId, string nonce, DateTimeOffset now)
    {
        var claims = Payload(token);
        var problem =
            Json.Text(claims, "iss") != issuer ? "is of another authority"
            : !IsFor(claims, clientId) ? "is for another client"
            : Json.Text(claims, "nonce") is not { } said || !Encoding64.AreEqual(said, nonce) ? "is of another sign-in"
            : Json.Number(claims, "exp") is not { } until || DateTimeOffset.FromUnixTimeSeconds(until) + Skew < now ? "has ended"
            : Json.Number(claims, "iat") is not { } from || DateTimeOffset.FromUnixTimeSeconds(from) - Skew > now ? "was issued in the future"
            : string.IsNullOrEmpty(Json.Text(claims, "sub")) ? "has no subject"
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

    // With several audiences, azp names the client that the token was issued to.
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
