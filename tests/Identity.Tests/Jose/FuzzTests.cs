using System.Text;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Jose;

/// <summary>Valid input, damaged at random: it is refused without an exception. The seed is fixed, so failures are reproducible.</summary>
public sealed class FuzzTests
{
    private static readonly SigningKey Key = SigningKey.Create("ES256", "ec");
    private readonly Random _random = new(20_261_120);

    [Fact]
    public void A_damaged_token_is_refused_and_throws_nothing()
    {
        var good = Jws.Sign(Key, "at+jwt", "{\"sub\":\"anna\",\"scope\":[\"a\",\"b\"]}"u8);
        var accepted = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = Encoding.UTF8.GetString(Damage(Encoding.UTF8.GetBytes(good)));
            accepted += damaged != good && JwsAttackTests.Verify(damaged, Key.PublicKey).IsValid ? 1 : 0;
        }

        accepted.Should().Be(0);
        JwsAttackTests.Verify(good, Key.PublicKey).IsValid.Should().BeTrue();
    }

    [Fact]
    public void A_damaged_header_that_is_signed_after_all_throws_nothing()
    {
        var header = Encoding.UTF8.GetBytes("""{"alg":"ES256","typ":"at+jwt","kid":"ec","x":{"y":["\u00e9",1.5,null]}}""");
        var accepted = 0;
        for (var i = 0; i < 2_000; i++)
        {
            accepted += JwsAttackTests.Verify(JwsAttackTests.SignWith(Key, Damage(header)), Key.PublicKey).IsValid ? 1 : 0;
        }

        accepted.Should().BeInRange(1, 1_999, "some damage does no harm, and some does");
    }

    [Fact]
    public void Damaged_claims_throw_nothing()
    {
        var rules = new JwtRules { Type = null, Issuer = "i", Audiences = ["a"], RequireIssuedAt = true, MaxLifetime = TimeSpan.FromDays(1), RequiredTexts = ["sub"] };
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var claims = Encoding.UTF8.GetBytes("""{"iss":"i","aud":["a","b"],"sub":"s","iat":1800000000,"exp":1800000900,"nbf":1.8e9}""");
        var accepted = Enumerable.Range(0, 20_000).Count(_ => Jwt.Validate(Damage(claims), rules, now) is { IsValid: true } result
            && result.Text("sub") is not null && result.Time("exp") is not null);

        Jwt.Validate(claims, rules, now).IsValid.Should().BeTrue();
        accepted.Should().BeInRange(1, 19_999);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void A_damaged_key_throws_nothing(string algorithm)
    {
        var key = TestKeys.Of(algorithm);
        var json = Encoding.UTF8.GetBytes($$"""{"keys":[{{key.PublicKey.ToJson().ToJsonString()}}]}""");
        for (var i = 0; i < 5_000; i++)
        {
            if (JsonWebKeySet.TryParse(Damage(json), out var set))
            {
                set.Keys.Select(k => k.Thumbprint()).Should().OnlyHaveUniqueItems();
            }
        }

        JsonWebKeySet.TryParse(json, out var whole).Should().BeTrue();
        whole!.Keys.Should().ContainSingle();
    }

    private byte[] Damage(byte[] good)
    {
        var bytes = good.ToList();
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"\"{}[]:,\\.eE-+0A=_ \n\0"[_random.Next(20)]);
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 20), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
