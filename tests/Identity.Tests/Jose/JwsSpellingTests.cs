using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;
using static Proofsheet.Identity.Tests.Jose.JwsAttackTests;

namespace Proofsheet.Identity.Tests.Jose;

/// <summary>A token has exactly one spelling and a signature exactly one form: everything close to it is refused.</summary>
public sealed class JwsSpellingTests
{
    private static readonly SigningKey Ec = SigningKey.Create("ES256", "ec");
    private static readonly SigningKey Rsa = SigningKey.Create("RS256", "rsa");
    private static readonly BigInteger Order = BigInteger.Parse("115792089210356248762697446949407573529996955224135760342422259061068512044369");

    public static TheoryData<string> Numbers => ["0", "1", "n-1", "n", "n+1", "max"];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Halves_of_a_signature_that_are_out_of_range_are_wrong(string half)
    {
        var input = $"{Part("""{"alg":"ES256"}""")}.{Part("{}")}";
        var good = Ec.Sign(Encoding.ASCII.GetBytes(input));
        var number = Number(half);

        foreach (var signature in new byte[][] { [.. number, .. number], [.. good[..32], .. number], [.. number, .. good[32..]] })
        {
            Verify($"{input}.{StrictBase64Url.Encode(signature)}", Ec.PublicKey).Failure.Should().Be(JwsFailure.WrongSignature);
        }
    }

    [Fact]
    public void Adding_the_order_to_a_half_does_not_make_a_second_signature()
    {
        // r < 2^256 - n is rare on P-256, so the sum needs a 33rd byte, and is refused for its length.
        var input = $"{Part("""{"alg":"ES256"}""")}.{Part("{}")}";
        var good = Ec.Sign(Encoding.ASCII.GetBytes(input));
        var sum = (new BigInteger(good.AsSpan(0, 32), true, true) + Order).ToByteArray(true, true);

        Verify($"{input}.{StrictBase64Url.Encode([.. sum, .. good[32..]])}", Ec.PublicKey).IsValid.Should().BeFalse();
    }

    [Fact]
    public void A_signature_in_der_is_refused()
    {
        using var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(Ec.ExportPkcs8(), out _);
        var input = $"{Part("""{"alg":"ES256"}""")}.{Part("{}")}";
        var der = ec.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        Verify($"{input}.{StrictBase64Url.Encode(der)}", Ec.PublicKey).Failure.Should().Be(JwsFailure.WrongSignature);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public void A_signature_of_another_length_is_wrong(string algorithm)
    {
        var key = TestKeys.Of(algorithm);
        var input = $"{Part($$"""{"alg":"{{algorithm}}"}""")}.{Part("{}")}";
        var good = key.Sign(Encoding.ASCII.GetBytes(input));

        Verify($"{input}.{StrictBase64Url.Encode(good)}", key.PublicKey).IsValid.Should().BeTrue();
        foreach (var signature in new byte[][] { [], [0], good[1..], good[..^1], [0, .. good], [.. good, 0], [.. good, .. good], [.. good[..^2], 0, 0] })
        {
            Verify($"{input}.{StrictBase64Url.Encode(signature)}", key.PublicKey).Failure.Should().Be(JwsFailure.WrongSignature);
        }
    }

    [Fact]
    public void An_rsa_signature_plus_the_modulus_is_wrong()
    {
        var key = TestKeys.Of("RS256");
        var modulus = new BigInteger(Parameters(key.PublicKey).Modulus, true, true);
        var input = $"{Part("""{"alg":"RS256"}""")}.{Part("{}")}";
        var sum = (new BigInteger(key.Sign(Encoding.ASCII.GetBytes(input)), true, true) + modulus).ToByteArray(true, true);

        Verify($"{input}.{StrictBase64Url.Encode(sum)}", key.PublicKey).Failure.Should().Be(JwsFailure.WrongSignature);
    }

    [Fact]
    public void Every_single_changed_character_breaks_a_token()
    {
        var token = Jws.Sign(Ec, "JWT", "{\"sub\":\"anna\"}"u8);
        var survivors = new List<string>();
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var character in new[] { 'A', 'Q', '_', '-', '=', '+', '/', ' ', '\n', '.', 'é', '\0' })
            {
                var changed = $"{token[..i]}{character}{token[(i + 1)..]}";
                if (changed != token && Verify(changed, Ec.PublicKey).IsValid)
                {
                    survivors.Add(changed);
                }
            }
        }

        survivors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData("\0")]
    [InlineData(".")]
    [InlineData(".e30")]
    public void Nothing_is_added_to_a_part(string more)
    {
        var parts = Jws.Sign(Ec, "JWT", "{}"u8).Split('.');
        foreach (var token in new[]
        {
            $"{parts[0]}{more}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}{more}.{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2]}{more}",
            $"{more}{parts[0]}.{parts[1]}.{parts[2]}",
        })
        {
            Verify(token, Ec.PublicKey).IsValid.Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("e30")]
    [InlineData("e30.e30")]
    [InlineData("{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"\"}")]
    public void What_has_not_three_parts_is_no_token(string text) =>
        Verify(text, Ec.PublicKey).Failure.Should().Be(JwsFailure.Malformed);

    [Fact]
    public void A_null_token_is_refused_and_not_an_exception() =>
        Verify(null!, Ec.PublicKey).Failure.Should().Be(JwsFailure.Malformed);

    [Fact]
    public void A_token_over_the_limit_is_not_even_looked_at()
    {
        var fits = SignWith(Ec, """{"alg":"ES256"}""", new string('x', 12_000));
        var oversize = SignWith(Ec, """{"alg":"ES256"}""", new string('x', 13_000));

        fits.Length.Should().BeLessThan(Jws.MaxLength);
        Verify(fits, Ec.PublicKey).IsValid.Should().BeTrue();
        oversize.Length.Should().BeGreaterThan(Jws.MaxLength);
        Verify(oversize, Ec.PublicKey).Failure.Should().Be(JwsFailure.TooLong);
        Verify(new string('.', 10_000_000), Ec.PublicKey).Failure.Should().Be(JwsFailure.TooLong);
    }

    [Fact]
    public void The_callers_header_cannot_replace_what_is_signed_for_it()
    {
        foreach (var name in new[] { "alg", "kid", "typ", "crit", "b64" })
        {
            FluentActions.Invoking(() => Jws.Sign(Ec, "JWT", "{}"u8, new() { [name] = "none" })).Should().Throw<ArgumentException>();
        }
    }

    [Fact]
    public async Task One_key_verifies_for_many_threads_at_once()
    {
        var tokens = Enumerable.Range(0, 50).Select(i => (Good: Jws.Sign(Rsa, "JWT", Encoding.UTF8.GetBytes($$"""{"i":{{i}}}""")), Bad: SignWith(Ec, """{"alg":"RS256"}"""))).ToList();
        var key = Without(Rsa.PublicKey, "kid");

        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, (i, _) =>
        {
            Verify(tokens[i % 50].Good, key).IsValid.Should().BeTrue();
            Verify(tokens[i % 50].Bad, key).IsValid.Should().BeFalse();
            return ValueTask.CompletedTask;
        });
    }

    private static byte[] Number(string name)
    {
        var number = name switch
        {
            "0" => BigInteger.Zero,
            "1" => BigInteger.One,
            "n-1" => Order - 1,
            "n" => Order,
            "n+1" => Order + 1,
            _ => BigInteger.Pow(2, 256) - 1,
        };
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
