using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>Our own access tokens, read back.</summary>
internal sealed class AccessTokens(
    SigningKeys keys, IGrantStore grants, IOnceStore once, IClientStore clients, Holders holders, IOptions<AuthorityOptions> authority, TimeProvider clock)
{
    public const string RevokedPurpose = "revoked-token";

    private static readonly HashSet<string> Algorithms = [SignatureAlgorithms.ES256];

    /// <summary>The claims of a token that counts here and now, whatever was revoked a moment ago; null of any other.</summary>
    public async Task<JwtResult?> ReadAsync(string token, CancellationToken cancellation)
    {
        if (await VerifyAsync(token, cancellation) is not { } jwt
            || await once.ContainsAsync(RevokedPurpose, jwt.Text("jti")!, cancellation)
            || await clients.FindAsync(jwt.Text("client_id")!, cancellation) is null)
        {
            return null;
        }

        if (jwt.Text("family") is { } family && await grants.FindFamilyAsync(family, cancellation) is not { RevokedAt: null })
        {
            return null;
        }

        return jwt.Text("sub_type") != "user" || await holders.IsActiveAsync(jwt.Text("sub")!, cancellation) ? jwt : null;
    }

    /// <summary>The claims of a token that we signed and that has not run out; it may have been revoked.</summary>
    public async Task<JwtResult?> VerifyAsync(string token, CancellationToken cancellation)
    {
        var published = await keys.PublishedAsync(cancellation);
        var signed = Jws.Verify(token, Algorithms, header => published.Where(k => k.Kid == header.KeyId));
        var jwt = Jwt.Validate(signed, new JwtRules
        {
            Type = Tokenizsuer.AccessTokenType,
            Issuer = authority.Value.Issuer,
            Audiences = [authority.Value.Audience],
            // Between the clocks of our own processes.
            Skew = TimeSpan.FromSeconds(5),
            RequiredTexts = ["sub", "client_id", "jti", "sub_type"],
        }, clock.GetUtcNow());
        return jwt.IsValid ? jwt : null;
    }
}
