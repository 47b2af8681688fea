using System.Text.Json;
using FluentAssertions;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

public sealed class IdTests
{
    [Fact]
    public void An_id_reads_back_as_it_was_written()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var id = Id<Tenant>.New(DateTimeOffset.UnixEpoch.AddDays(Random.Shared.Next(60_000)));
            Id<Tenant>.TryRead(id.ToString(), out var back).Should().BeTrue();
            back.Should().Be(id);
            Id<Tenant>.FromStored(id.ToStored()).Should().Be(id);
            JsonSerializer.Deserialize<Id<Tenant>>(JsonSerializer.Serialize(id)).Should().Be(id);
        }
    }

    [Fact]
    public void Ids_sort_by_the_time_they_were_made_also_as_text()
    {
        var ids = Enumerable.Range(0, 500).Select(i => Id<Tenant>.New(DateTimeOffset.UnixEpoch.AddSeconds(i))).ToList();

        ids.Should().BeInAscendingOrder();
        ids.Select(i => i.ToStored()).Should().BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("stu_")]
    [InlineData("gal_01jz4vq8d9f2s8x6m3h1k5w7ya")]
    [InlineData("stu-01jz4vq8d9f2s8x6m3h1k5w7ya")]
    [InlineData("stu_01JZ4VQ8D9F2S8X6M3H1K5W7YA")]
    [InlineData("stu_81jz4vq8d9f2s8x6m3h1k5w7ya")]
    [InlineData("stu_01jz4vq8d9f2s8x6m3h1k5w7yu")]
    [InlineData("stu_01jz4vq8d9f2s8x6m3h1k5w7ya0")]
    [InlineData("stu_01jz4vq8d9f2s8x6m3h1k5w7y\n")]
    public void What_is_not_an_id_becomes_the_empty_one_that_nothing_has(string text)
    {
        Id<Tenant>.TryRead(text, out _).Should().BeFalse();
        Id<Tenant>.TryParse(text, null, out var id).Should().BeTrue();
        id.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void No_text_is_no_id_so_that_an_optional_one_can_be_absent() => Id<Tenant>.TryParse(null, null, out _).Should().BeFalse();
}
