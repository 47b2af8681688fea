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

    [Fact]
    public void A_sealed_value_says_which_key_sealed_it()
    {
        SealedHeader.KeyIdIn(Ring(Old, New).Seal("a", [])).Should().Be("1");
        SealedHeader.KeyIdIn(Ring(New, Old).Seal("a", [1, 2, 3])).Should().Be("2");
        SealedHeader.KeyIdIn("no sealed value"u8).Should().BeNull();
        SealedHeader.KeyIdIn([]).Should().BeNull();
        SealedHeader.KeyIdIn([1, 8, (byte)'1']).Should().BeNull("the id is cut off");
    }

    [Fact]
    public void The_id_of_the_key_is_authenticated_and_only_that_key_is_tried()
    {
        // The same key under two ids: only the altered id can be what makes the value invalid.
        var sameKey = Old.Replace("1:", "2:", StringComparison.Ordinal);
        var closed = Ring(Old).Seal("a", "secret"u8);
        var renamed = closed.ToArray();
        renamed[2] = (byte)'2';

        SealedHeader.KeyIdIn(renamed).Should().Be("2");
        Ring(Old, sameKey).Open("a", renamed).Should().BeNull();
        Ring(Old, sameKey).Open("a", closed).Should().NotBeNull();
        Ring(New.Replace("2:", "1:", StringComparison.Ordinal)).Open("a", closed).Should().BeNull("another key now has the id");
    }

    [Fact]
    public void No_two_headers_and_purposes_are_authenticated_alike()
    {
        var closed = Ring("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").Seal("2a", "secret"u8);
        byte[] moved = [1, 2, (byte)'1', (byte)'2', .. closed.AsSpan(3)];

        Ring("12:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").Open("a", moved).Should().BeNull();
    }

    [Theory]
    [InlineData("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("ä:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("1 2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Keys_whose_ids_could_be_confused_stop_the_start(params string[] keys)
    {
        var make = () => Ring(keys);

        make.Should().Throw<OptionsValidationException>();
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
