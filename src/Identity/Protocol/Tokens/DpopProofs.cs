using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <param name="Thumbprint">The RFC 7638 thumbprint of the caller's key; null when no proof was sent.</param>
internal sealed record DpopProof(string? Thumbprint);

/// <summary>Demonstrating proof of possession (RFC 9449 section 4.3).</summary>
internal sealed class DpopProofs(IOnceStore once, IOptions<AuthorityOptions> authority, TimeProvider clock)
{
    public static readonly IReadOnlyList<string> Algorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

    private static readonly HashSet<string> Allowed = [.. Algorithms];
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(60);

    /// <param name="accessToken">The token that is sent with it, which <c>ath</c> must match; null at the token endpoint.</param>
    public async Task<Outcome<DpopProof>> ReadAsync(HttpRequest request, string? accessToken, CancellationToken cancellation)
    {
        if (request.Headers["DPoP"] is not { Count: > 0 } headers)
        {
            return new DpopProof(Thumbprint: null);
        }

        if (headers.Count > 1 || headers[0] is not { Length: > 0 } proof)
        {
            return OAuthError.InvalidDpopProof("One DPoP header, please.");
        }

        // The proof contains its own key, so it only proves that the caller holds that key.
        JsonWebKey? key = null;
        var signed = Jws.Verify(proof, Allowed, header =>
            header.Raw.TryGetProperty("jwk"u8, out var jwk) && JsonWebKey.TryParse(jwk, out key) && !key.HasPrivateMembers ? [key] : []);
        var jwt = Jwt.Validate(signed, new JwtRules
        {
            Type = "dpop+jwt",
            Issuer = null,
            Audiences = null,
            RequireExpiry = false,
            MaxAge = LongestAge,
            RequiredTexts = ["jti", "htm", "htu"],
        }, clock.GetUtcNow());
        if (!jwt.IsValid)
        {
            return OAuthError.InvalidDpopProof("The proof is malformed, wrongly signed or not fresh.");
        }

        if (jwt.Text("htm") != request.Method || !IsThisAddress(jwt.Text("htu")!, request.Path))
        {
            return OAuthError.InvalidDpopProof("The proof is for another request.");
        }

        if (accessToken is not null && !Handles.AreEqual(jwt.Text("ath") ?? "", StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)))))
        {
            return OAuthError.InvalidDpopProof("The proof is for another access token.");
        }

        var thumbprint = key!.Thumbprint();
        return jwt.Text("jti") is { Length: <= 256 } jti && await once.TryAddAsync("dpop", $"{thumbprint}:{jti}", clock.GetUtcNow() + LongestAge + LongestAge, cancellation)
            ? new DpopProof(thumbprint)
            : OAuthError.InvalidDpopProof("The proof was used before.");
    }

    // This server's name is taken from the issuer, not from the Host header. Query and fragment are ignored (RFC 9449 section 4.3, 9).
    private bool IsThisAddress(string htu, string path) =>
        Uri.TryCreate(htu, UriKind.Absolute, out var asked)
        && asked.GetLeftPart(UriPartial.Path) == new Uri(authority.Value.Issuer + path).GetLeftPart(UriPartial.Path);
}
