using System.Text;
using System.Text.Json;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Users.Social;

/// <summary>What a provider says about a user who signed in there.</summary>
internal sealed record SocialLogin(string Provider, string Key, string? Email, bool IsEmailVerified, string? Name)
{
    private const int MaxKeyLength = 255;

    /// <summary>Null without an ID, because then no user can be recognized.</summary>
    public static SocialLogin? Of(SocialProvider provider, JsonElement claims)
    {
        var key = TextOf(claims, provider.IdClaim);
        return key is { Length: > 0 and <= MaxKeyLength }
            ? new SocialLogin(provider.Scheme, key, TextOf(claims, "email"), provider.EmailVerifiedClaim is { } claim && IsTrue(claims, claim), TextOf(claims, "name"))
            : null;
    }

    /// <summary>
    /// Reads the claims of an ID token that came directly from the token endpoint. TLS authenticates its source (OpenID Connect Core 1.0, section
    /// 3.1.3.7, item 6), so only issuer, audience and time are checked.
    /// </summary>
    public static JsonElement? ReadIdToken(string? token, string issuer, string audience, DateTimeOffset now)
    {
        if (token?.Split('.') is not [_, var payload, _] || !StrictBase64Url.TryDecode(payload, out var bytes) || !StrictJson.TryParseObject(bytes, out var claims))
        {
            return null;
        }

        var isOurs = claims.TryGetProperty("aud", out var aud) && (aud.ValueKind == JsonValueKind.String
            ? aud.GetString() == audience
            : aud.ValueKind == JsonValueKind.Array && aud.GetArrayLength() == 1 && aud[0].ValueKind == JsonValueKind.String && aud[0].GetString() == audience);
        var isLive = claims.TryGetProperty("exp", out var exp) && exp.ValueKind == JsonValueKind.Number && exp.TryGetInt64(out var end) && end > now.ToUnixTimeSeconds() - 30;
        return isOurs && isLive && TextOf(claims, "iss") == issuer ? claims : null;
    }

    private static string? TextOf(JsonElement claims, string name) => claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    // Apple sends booleans as strings.
    private static bool IsTrue(JsonElement claims, string name) => claims.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true"));
}

/// <summary>For Apple, the client secret is a signed JWT, which is created for each use.</summary>
internal static class AppleSecret
{
    public static string Make(SocialProviderOptions options, DateTimeOffset now)
    {
        using var key = SigningKey.Import(Convert.FromBase64String(options.ApplePrivateKey!), "ES256", options.AppleKeyId!);
        var claims = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["iss"] = options.AppleTeamId!,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["aud"] = "https://appleid.apple.com",
            ["sub"] = options.ClientId,
        });
        return Jws.Sign(key, "JWT", Encoding.UTF8.GetBytes(claims));
    }
}
