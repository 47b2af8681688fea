using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Keyrings;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

public sealed class KeyringTests
{
    private const string Old = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string New = "2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    private static Keyring Ring(params string[] keys) => new(Options.Create(new KeyringOptions { MasterKeys = keys }));

    [Fact]
    public void What_was_signed_verifies_for_its_purpose_only()
    {
        var signed = Ring(Old).Sign("a", "text");

        Ring(Old).Verify("a", signed).Should().Be("text");
        Ring(Old).Verify("b", signed).Should().BeNull();
        Ring(New).Verify("a", signed).Should().BeNull();
    }

    [Fact]
    public void After_a_rotation_old_signatures_verify_and_new_ones_use_the_new_key()
    {
        var ring = Ring(New, Old);

        ring.Verify("a", Ring(Old).Sign("a", "text")).Should().Be("text");
        Ring(Old).Verify("a", ring.Sign("a", "text")).Should().BeNull();
    }

    [Fact]
    public void One_altered_character_anywhere_is_refused()
    {
        var ring = Ring(Old);
        var signed = ring.Sign("a", "some text worth signing");
        for (var i = 0; i < signed.Length; i++)
        {
            foreach (var c in "Aa9-_.= \n")
            {
                if (signed[i] != c)
                {
                    ring.Verify("a", signed[..i] + c + signed[(i + 1)..]).Should().BeNull("character {0} became '{1}'", i, c);
                }
            }
        }

        ring.Verify("a", signed + "=").Should().BeNull();
        ring.Verify("a", signed + "\n").Should().BeNull();
        ring.Verify("a", " " + signed).Should().BeNull();
    }

    [Fact]
    public void What_was_sealed_opens_for_its_purpose_and_whole_only()
    {
        var content = "ps_live_sk_secret"u8.ToArray();
        var closed = Ring(Old).Seal("a", content);

        Ring(New, Old).Open("a", closed).Should().Equal(content);
        Ring(Old).Open("b", closed).Should().BeNull();
        Ring(New).Open("a", closed).Should().BeNull();
        Ring(Old).Open("a", closed.AsSpan(0, 20)).Should().BeNull();
        for (var i = 0; i < closed.Length; i++)
        {
            var altered = closed.ToArray();
            altered[i] ^= 1;
            Ring(Old).Open("a", altered).Should().BeNull("byte {0} was altered", i);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("1:AAAA")]
    public void A_key_that_is_not_one_stops_the_start(string key)
    {
        var make = () => Ring(key);

        make.Should().Throw<Exception>();
    }

    [Fact]
    public void A_key_file_is_made_once_and_readable_by_its_owner_alone()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var options = new KeyringOptions { File = Path.Combine(folder.FullName, "keys") };

            var first = options.Lines().ToList();
            var second = options.Lines().ToList();

            first.Should().ContainSingle();
            second.Should().Equal(first);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(options.File).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
