using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Keyrings;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

public sealed class GallerySecretsTests
{
    private static readonly Keyring Keys = new(Options.Create(new KeyringOptions { MasterKeys = [$"a:{Convert.ToBase64String(new byte[32])}"] }));

    [Fact]
    public void A_pin_is_hashed_with_as_many_rounds_as_OWASP_recommends()
    {
        using var secrets = new GallerySecrets(Keys);

        secrets.Hash("204816").Should().StartWith("p512.210000.");
    }

    [Fact]
    public void The_same_pin_is_stored_differently_each_time_and_only_it_is_right()
    {
        using var secrets = new GallerySecrets(Keys, rounds: 10);
        var hash = secrets.Hash("204816");

        secrets.Hash("204816").Should().NotBe(hash);
        secrets.Check("204816", hash).Should().Be(SecretCheck.Right);
        secrets.Check("204817", hash).Should().Be(SecretCheck.Wrong);
        secrets.Check("204816", null).Should().Be(SecretCheck.Wrong);
    }

    [Fact]
    public void A_hash_with_other_rounds_is_right_and_asks_to_be_made_again()
    {
        using var before = new GallerySecrets(Keys, rounds: 10);
        using var now = new GallerySecrets(Keys, rounds: 20);

        now.Check("204816", before.Hash("204816")).Should().Be(SecretCheck.RightButOld);
        now.Check("204817", before.Hash("204816")).Should().Be(SecretCheck.Wrong);
    }

    [Fact]
    public void A_hash_under_a_removed_key_is_wrong()
    {
        using var before = new GallerySecrets(new Keyring(Options.Create(new KeyringOptions { MasterKeys = [$"b:{Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray())}"] })), rounds: 10);
        using var now = new GallerySecrets(Keys, rounds: 10);

        now.Check("204816", before.Hash("204816")).Should().Be(SecretCheck.Wrong);
    }
}
