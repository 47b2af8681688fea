using System.Security.Cryptography;
using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Shared.Keyrings;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

public sealed class MediaSignerTests
{
    private const string Path = "/media/pho_01je/web-2048.jpg";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 13, 17, 5, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private readonly string _master = Master("k1");

    [Fact]
    public void A_signed_address_is_taken_until_it_expires()
    {
        var signer = Signer(Now, _master);
        var url = Split(signer.Sign(Path, Day));
        var expiry = DateTimeOffset.FromUnixTimeSeconds(long.Parse(url.E));

        url.Path.Should().Be(Path);
        url.S.Should().HaveLength(22);
        signer.Verify(url.Path, url.E, url.S, Now).Should().Be(SignatureCheck.Ok);
        signer.Verify(url.Path, url.E, url.S, expiry.AddSeconds(-1)).Should().Be(SignatureCheck.Ok);
        signer.Verify(url.Path, url.E, url.S, expiry).Should().Be(SignatureCheck.Expired);
    }

    [Fact]
    public void Everyone_within_a_step_gets_the_same_address_and_it_holds_at_least_its_lifetime()
    {
        var urls = Enumerable.Range(0, 24 * 60).Select(minute => (At: Now.AddMinutes(minute), Url: Signer(Now.AddMinutes(minute), _master).Sign(Path, Day))).ToList();

        urls.Select(u => u.Url).Distinct().Should().HaveCountLessThanOrEqualTo(5);
        foreach (var (at, url) in urls)
        {
            var left = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Split(url).E)) - at;
            left.Should().BeGreaterThanOrEqualTo(Day).And.BeLessThan(Day + TimeSpan.FromHours(6));
        }
    }

    [Fact]
    public void Any_single_character_altered_anywhere_is_refused()
    {
        var signer = Signer(Now, _master);
        var url = Split(signer.Sign(Path, Day));
        const string Others = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.~- =+%\n\0é";
        var tried = 0;
        foreach (var (text, check) in new (string, Func<string, SignatureCheck>)[]
        {
            (url.Path, changed => signer.Verify(changed, url.E, url.S, Now)),
            (url.E, changed => signer.Verify(url.Path, changed, url.S, Now)),
            (url.S, changed => signer.Verify(url.Path, url.E, changed, Now)),
        })
        {
            for (var i = 0; i < text.Length; i++)
            {
                check(text.Remove(i, 1)).Should().Be(SignatureCheck.Invalid);
                foreach (var other in Others.Where(c => c != text[i]))
                {
                    check(text[..i] + other + text[(i + 1)..]).Should().Be(SignatureCheck.Invalid, $"'{text}' has {other} at {i}");
                    tried++;
                }
            }

            foreach (var other in Others)
            {
                check(text + other).Should().Be(SignatureCheck.Invalid);
                check(other + text).Should().Be(SignatureCheck.Invalid);
            }
        }

        tried.Should().BeGreaterThan(3000);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "", "")]
    [InlineData(Path, "99999999999", null)]
    [InlineData(Path, null, "AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(Path, "-1", "AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(Path, "99999999999999999999999999", "AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(Path, "1", "AAAAAAAAAAAAAAAAAAAAAA")]
    public void Something_missing_or_forged_is_invalid_and_never_called_expired(string? path, string? e, string? s) =>
        Signer(Now, _master).Verify(path, e, s, Now).Should().Be(SignatureCheck.Invalid);

    [Fact]
    public void Checking_makes_no_garbage()
    {
        var signer = Signer(Now, _master, Master("k2"));
        var url = Split(signer.Sign(Path, Day));
        var genuine = 0;
        void Check(int times)
        {
            for (var i = 0; i < times; i++)
            {
                genuine += signer.Verify(url.Path.AsSpan(), url.E, url.S, Now) == SignatureCheck.Ok ? 1 : 0;
            }
        }

        Check(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(1_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000, "that is less than a byte for each");
        genuine.Should().Be(1_100);
    }

    [Fact]
    public void A_signature_cannot_move_to_another_path_or_a_later_expiry()
    {
        var signer = Signer(Now, _master);
        var watermarked = Split(signer.Sign(Path, Day));
        var later = Split(Signer(Now.AddDays(3), _master).Sign(Path, Day));

        signer.Verify("/media/pho_01je/original", watermarked.E, watermarked.S, Now).Should().Be(SignatureCheck.Invalid);
        signer.Verify(Path, later.E, watermarked.S, Now).Should().Be(SignatureCheck.Invalid);
        signer.Verify(Path + "0", watermarked.E[1..], watermarked.S, Now).Should().Be(SignatureCheck.Invalid);
    }

    [Fact]
    public void Another_key_refuses_and_a_rotated_keyring_takes_old_and_new()
    {
        var next = Master("k2");
        var old = Split(Signer(Now, _master).Sign(Path, Day));
        var rotated = Signer(Now, next, _master);
        var fresh = Split(rotated.Sign(Path, Day));

        Signer(Now, next).Verify(old.Path, old.E, old.S, Now).Should().Be(SignatureCheck.Invalid);
        rotated.Verify(old.Path, old.E, old.S, Now).Should().Be(SignatureCheck.Ok);
        rotated.Verify(fresh.Path, fresh.E, fresh.S, Now).Should().Be(SignatureCheck.Ok);
        fresh.S.Should().NotBe(old.S, "the newest key signs");
        Signer(Now, _master).Verify(fresh.Path, fresh.E, fresh.S, Now).Should().Be(SignatureCheck.Invalid);
    }

    [Theory]
    [InlineData("media/x")]
    [InlineData("/")]
    [InlineData("/media/x?w=1")]
    [InlineData("/media/x#y")]
    [InlineData("/media/%78")]
    [InlineData("/media/a b")]
    [InlineData("/media/ä")]
    [InlineData("/media/x\ny")]
    public void A_path_that_could_be_spelled_otherwise_is_not_signed(string path) =>
        Assert.Throws<ArgumentException>(() => Signer(Now, _master).Sign(path, Day));

    private static string Master(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    private static MediaSigner Signer(DateTimeOffset now, params string[] masters) =>
        new(new Keyring(Options.Create(new KeyringOptions { MasterKeys = masters })), new FixedClock(now));

    private static (string Path, string E, string S) Split(string url)
    {
        var parts = url.Split("?e=");
        var query = parts[1].Split("&s=");
        return (parts[0], query[0], query[1]);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
