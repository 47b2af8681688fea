using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>Validates our own access tokens.</summary>
internal sealed class AccessTokens(
    SigningKeys keys, IGrantStore grants, IOnceStore once, IClientStore clients, Holders holders, IOptions<AuthorityOptions> authority, TimeProvider clock)
{
    public const string RevokedPurpose = "revoked-token";

    private static readonly HashSet<string> Algorithms = [SignatureAlgorithms.ES256];

    /// <summary>The claims of a token that is valid at this moment, including recent revocations; otherwise null.</summary>
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

    /// <summary>The claims of an unexpired token that we signed; it may have been revoked.</summary>
    public async Task<JwtResult?> VerifyAsync(string token, CancellationToken cancellation)
    {
        var published = await keys.PublishedAsync(cancellation);
        var signed = Jws.Verify(token, Algorithms, header => published.Where(k => k.Kid == header.KeyId));
        var jwt = Jwt.Validate(signed, new JwtRules
        {
            Type = TokenIssuer.AccessTokenType,
            Issuer = authority.Value.Issuer,
            Audiences = [authority.Value.Audience],
            // Only the clocks of our own processes can differ.
            Skew = TimeSpan.FromSeconds(5),
            RequiredTexts = ["sub", "client_id", "jti", "sub_type"],
        }, clock.GetUtcNow());
        return jwt.IsValid ? jwt : null;
    }
}
