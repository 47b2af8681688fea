using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Proofsheet.Benchmarks.Support;
using Proofsheet.Jose;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>An access token validated as the API does it the first time, compared with the platform's bare signature check.</summary>
internal sealed class TokenPart : IPart
{
    private const int Rounds = 9;

    public string Name => "token";

    public Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        foreach (var algorithm in new[] { SignatureAlgorithms.ES256, SignatureAlgorithms.RS256 })
        {
            rows.AddRange(Measure(algorithm));
        }

        return Task.FromResult<IReadOnlyList<Row>>(rows);
    }

    private static IEnumerable<Row> Measure(string algorithm)
    {
        using var key = SigningKey.Create(algorithm);
        var now = TimeProvider.System.GetUtcNow();
        var payload = Encoding.UTF8.GetBytes($$"""
            {"iss":"https://id.example","sub":"usr_01J8ZK3V7Q9X","aud":"proofsheet-api","client_id":"studio-page","scope":"galleries:read galleries:write photos:upload","sid":"ses_01J8ZK3V7Q9Y","jti":"tok_01J8ZK3V7Q9Z","family":"fam_01J8ZK3V7QA0","tenant":"harbor","sub_type":"user","auth_time":{{now.ToUnixTimeSeconds()}},"amr":["pwd","otp","mfa"],"iat":{{now.ToUnixTimeSeconds()}},"exp":{{now.AddMinutes(15).ToUnixTimeSeconds()}}}
            """);
        var token = Jws.Sign(key, "at+jwt", payload);
        var keys = new Dictionary<string, JsonWebKey[]>(StringComparer.Ordinal) { [key.Kid] = [key.PublicKey] };
        var allowed = new HashSet<string>(StringComparer.Ordinal) { algorithm };
        var rules = new JwtRules { Type = "at+jwt", Issuer = "https://id.example", Audiences = ["proofsheet-api"], RequireIssuedAt = true, RequiredTexts = ["sub", "client_id", "jti"] };

        var input = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        StrictBase64Url.TryDecode(token.AsSpan(token.LastIndexOf('.') + 1), out var signature);
        using var bare = Bare(key, algorithm);

        void Ours()
        {
            if (!Jwt.Validate(Jws.Verify(token, allowed, header => keys[header.KeyId!]), rules, now).IsValid)
            {
                throw new InvalidOperationException("The token should be good.");
            }
        }

        void Theirs()
        {
            var valid = bare is ECDsa ec
                ? ec.VerifyData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                : ((RSA)bare).VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            if (!valid)
            {
                throw new InvalidOperationException("The signature should be good.");
            }
        }

        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Microseconds(Ours));
            theirs.Add(Microseconds(Theirs));
        }

        yield return new Row($"{algorithm} access token, signature and claims, µs", Report.Median(ours), "the signature alone", Report.Median(theirs));
        yield return new Row($"{algorithm} access token, signature and claims, bytes allocated", Bytes(Ours), "the signature alone", Bytes(Theirs));
    }

    private static AsymmetricAlgorithm Bare(SigningKey key, string algorithm)
    {
        AsymmetricAlgorithm bare = algorithm == SignatureAlgorithms.ES256 ? ECDsa.Create() : RSA.Create();
        bare.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        return bare;
    }

    private static double Microseconds(Action work)
    {
        const int Times = 2000;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Times; i++)
        {
            work();
        }

        return clock.Elapsed.TotalMicroseconds / Times;
    }

    private static double Bytes(Action work)
    {
        const int Times = 1000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            work();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Times;
    }
}
