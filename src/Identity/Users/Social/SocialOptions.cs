namespace Proofsheet.Identity.Users.Social;

internal enum SocialKind
{
    /// <summary>Any OAuth 2 provider; all endpoints have to be configured.</summary>
    OAuth,
    Google,
    Facebook,
    Apple,
}

/// <summary>The section <c>Social</c>.</summary>
internal sealed class SocialOptions
{
    public IList<SocialProviderOptions> Providers { get; init; } = [];
}

/// <summary>A provider to sign in with. Known kinds have default endpoints and claims; all of them can be overridden.</summary>
internal sealed class SocialProviderOptions
{
    /// <summary>Lowercase letters and digits: part of the callback URL, <c>/social/SCHEME/callback</c>, and of what is stored.</summary>
    public string Scheme { get; init; } = "";

    public SocialKind Kind { get; init; }

    /// <summary>The name on the button.</summary>
    public string? Name { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    public string? AuthorizationEndpoint { get; init; }

    public string? TokenEndpoint { get; init; }

    /// <summary>Called with the access token. Without it, the claims are read from the id_token.</summary>
    public string? UserInfoEndpoint { get; init; }

    public IList<string> Scopes { get; init; } = [];

    /// <summary>The expected <c>iss</c> of an id_token.</summary>
    public string? TokenIssuer { get; init; }

    /// <summary>Whether the provider responds with a form post (<c>response_mode=form_post</c>).</summary>
    public bool? AnswersByForm { get; init; }

    public string? IdClaim { get; init; }

    /// <summary>The claim that says whether the email address is verified. Without it, the address never counts as verified.</summary>
    public string? EmailVerifiedClaim { get; init; }

    /// <summary>Apple: the team ID, which is the issuer of the client secret.</summary>
    public string? AppleTeamId { get; init; }

    public string? AppleKeyId { get; init; }

    /// <summary>Apple: the key in the .p8 file, base64 without the first and last line.</summary>
    public string? ApplePrivateKey { get; init; }

    internal IEnumerable<string> Errors()
    {
        if (Scheme.Length is 0 or > 20 || !Scheme.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
        {
            yield return "Social:Providers: Scheme has 1 to 20 small letters and digits.";
        }

        var full = SocialPresets.Of(this);
        if (ClientId.Length == 0 || (ClientSecret.Length == 0 && (Kind != SocialKind.Apple || AppleTeamId is null || AppleKeyId is null || ApplePrivateKey is null)))
        {
            yield return $"Social:Providers:{Scheme} needs a ClientId and a ClientSecret, or for Apple AppleTeamId, AppleKeyId and ApplePrivateKey.";
        }

        if (new[] { full.AuthorizationEndpoint, full.TokenEndpoint, full.UserInfoEndpoint ?? full.TokenEndpoint }.Any(e => !IsSafe(e)))
        {
            yield return $"Social:Providers:{Scheme} needs AuthorizationEndpoint and TokenEndpoint; they and UserInfoEndpoint are https addresses (http only on this machine).";
        }

        if (full.UserInfoEndpoint is null && full.TokenIssuer is null)
        {
            yield return $"Social:Providers:{Scheme} needs UserInfoEndpoint, or TokenIssuer for its id_token.";
        }
    }

    private static bool IsSafe(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}

/// <summary>A provider, with the defaults of its kind filled in.</summary>
internal sealed record SocialProvider(
    string Scheme, string Name, SocialKind Kind, string? AuthorizationEndpoint, string? TokenEndpoint, string? UserInfoEndpoint, IReadOnlyList<string> Scopes,
    string? TokenIssuer, bool AnswersByForm, string IdClaim, string? EmailVerifiedClaim);

internal static class SocialPresets
{
    public static SocialProvider Of(SocialProviderOptions o) => o.Kind switch
    {
        SocialKind.Google => Make(o, "Google", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
            "https://openidconnect.googleapis.com/v1/userinfo", ["openid", "email", "profile"], null, false, "sub", "email_verified"),
        // Facebook does not report whether an address is verified.
        SocialKind.Facebook => Make(o, "Facebook", "https://www.facebook.com/v23.0/dialog/oauth", "https://graph.facebook.com/v23.0/oauth/access_token",
            "https://graph.facebook.com/v23.0/me?fields=id,name,email", ["email", "public_profile"], null, false, "id", null),
        // Apple uses form posts when an address is requested, and has no userinfo endpoint.
        SocialKind.Apple => Make(o, "Apple", "https://appleid.apple.com/auth/authorize", "https://appleid.apple.com/auth/token",
            null, ["email"], "https://appleid.apple.com", true, "sub", "email_verified"),
        _ => Make(o, o.Scheme, null, null, null, ["openid", "email", "profile"], null, false, "sub", "email_verified"),
    };

    private static SocialProvider Make(
        SocialProviderOptions o, string name, string? authorize, string? token, string? userInfo, IReadOnlyList<string> scopes, string? issuer, bool form, string id, string? verified) =>
        new(o.Scheme, o.Name ?? name, o.Kind, o.AuthorizationEndpoint ?? authorize, o.TokenEndpoint ?? token, o.UserInfoEndpoint ?? userInfo,
            o.Scopes.Count > 0 ? [.. o.Scopes] : scopes, o.TokenIssuer ?? issuer, o.AnswersByForm ?? form, o.IdClaim ?? id, o.EmailVerifiedClaim ?? verified);
}

/// <summary>The configured providers, for the buttons on the pages.</summary>
internal sealed record SocialProviders(IReadOnlyList<SocialProvider> All)
{
    public SocialProvider? Find(string? scheme) => All.FirstOrDefault(p => p.Scheme == scheme);
}
