using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Jose;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>A proof that was used, kept until it would be too old to be accepted. Stored by digest, in one table for all processes.</summary>
internal sealed class SeenProof
{
    /// <summary>Lower-case hex of SHA-256 over the key's thumbprint and the proof's id.</summary>
    public required string Digest { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<SeenProof>
    {
        public void Configure(EntityTypeBuilder<SeenProof> builder)
        {
            builder.ToTable("seen_proofs");
            builder.HasKey(p => p.Digest);
            builder.Property(p => p.Digest).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(p => p.ExpiresAt);
        }
    }
}

/// <summary>DPoP (RFC 9449): a token that is bound to a key is sent with a proof, made with that key for this very request.</summary>
internal sealed class SenderProof(ProofsheetDb db, IOptions<ApiOptions> options, TimeProvider clock)
{
    public const string Scheme = "DPoP ";

    /// <summary>The maximum age of a proof. Clocks of clients differ more than those of servers.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Checks a proof (RFC 9449, 4.3). Also false for a proof that was used before.</summary>
    public async Task<bool> IsGoodAsync(HttpContext http, string token, string thumbprint, IReadOnlySet<string> algorithms)
    {
        var given = http.Request.Headers["DPoP"];
        if (given.Count != 1 || given[0] is not { Length: > 0 } proof)
        {
            return false;
        }

        JsonWebKey? key = null;
        var signed = Jws.Verify(proof, algorithms, header =>
            header.Raw.TryGetProperty("jwk"u8, out var jwk) && JsonWebKey.TryParse(jwk, out key) && !key.HasPrivateMembers ? [key] : []);
        var now = clock.GetUtcNow();
        var result = Jwt.Validate(signed, new JwtRules
        {
            Type = "dpop+jwt", Issuer = null, Audiences = null, RequireExpiry = false, Skew = Skew, MaxAge = MaxAge, RequiredTexts = ["jti", "htm", "htu", "ath"],
        }, now);
        if (!result.IsValid || key is null
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.Thumbprint()), Encoding.ASCII.GetBytes(thumbprint))
            || result.Text("htm") != http.Request.Method
            || !IsThisAddress(http.Request, options.Value.PublicUrl, result.Text("htu")!)
            || result.Text("ath") != StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))))
        {
            return false;
        }

        return await IsFirstUseAsync($"{thumbprint}\n{result.Text("jti")}", now, http.RequestAborted);
    }

    /// <summary>Compared without query and fragment, and normalized (RFC 3986, 6.2.2 and 6.2.3).</summary>
    private static bool IsThisAddress(HttpRequest request, string publicUrl, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var claimed) && claimed.Query.Length + claimed.Fragment.Length + claimed.UserInfo.Length == 0
        && Uri.TryCreate(
            $"{(publicUrl.Length > 0 ? publicUrl : $"{request.Scheme}://{request.Host.ToUriComponent()}")}{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}", UriKind.Absolute, out var actual)
        && claimed.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            == actual.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>The database decides, so that two processes cannot both accept the same proof.</summary>
    private async Task<bool> IsFirstUseAsync(string proof, DateTimeOffset now, CancellationToken cancellation)
    {
        var seen = new SeenProof { Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(proof))), ExpiresAt = now + MaxAge + (2 * Skew) };
        return await db.TryAddAsync(seen, cancellation);
    }
}
