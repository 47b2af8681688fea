using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(ApiHost))]

namespace Proofsheet.Sdk.Tests;

public sealed class LiveTests(ApiHost api)
{
    private async Task<ProofsheetClient> StudioAsync() => new(api.Address, (await api.StudioAsync()).SecretKey);

    [Fact]
    public async Task What_is_read_can_be_changed_once_in_the_version_that_was_read()
    {
        using var client = await StudioAsync();
        var made = await client.Galleries.CreateAsync(new() { Title = "Anna & Ben", Description = "In June" });
        var gallery = await client.Galleries.GetAsync(made.Id);

        gallery.ETag.Should().NotBeNullOrEmpty();
        var changed = await client.Galleries.UpdateAsync(gallery.Id, new UpdateGalleryRequest { Title = "Anna" }.Clear(g => g.Description), ifMatch: gallery.ETag);
        changed.Title.Should().Be("Anna");
        changed.Description.Should().BeNull();
        (changed.IsListed, changed.Requires).Should().Be((false, GalleryRequirement.None));

        var late = await client.Invoking(c => c.Galleries.UpdateAsync(gallery.Id, new() { Title = "Late" }, ifMatch: gallery.ETag)).Should().ThrowAsync<ProofsheetConflictException>();
        late.Which.Code.Should().Be("version_mismatch");
    }

    [Fact]
    public async Task The_same_Idempotency_Key_makes_one_gallery()
    {
        using var client = await StudioAsync();
        CreateGalleryRequest Request() => new() { Title = "Once" };

        var first = await client.Galleries.CreateAsync(Request(), idempotencyKey: "order-4711");
        var second = await client.Galleries.CreateAsync(Request(), idempotencyKey: "order-4711");

        second.Id.Should().Be(first.Id);
        (await client.Galleries.ListAllAsync().ToListAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task A_list_longer_than_a_page_comes_whole_and_in_order()
    {
        using var client = await StudioAsync();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await client.Galleries.CreateAsync(new() { Title = $"Gallery {i}" })).Id);
        }

        var found = await client.Galleries.ListAllAsync(pageSize: 2).Select(g => g.Id).ToListAsync();

        found.Should().OnlyHaveUniqueItems().And.BeEquivalentTo(made);
    }

    [Fact]
    public async Task Refusals_of_the_real_API_are_typed()
    {
        using var client = await StudioAsync();
        using var stranger = new ProofsheetClient(api.Address, "nonsense");

        (await stranger.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetUnauthorizedException>()).Which.Code.Should().Be("invalid_credential");
        await client.Invoking(c => c.Galleries.GetAsync("gal_00000000000000000000000000")).Should().ThrowAsync<ProofsheetNotFoundException>();
        var invalid = await client.Invoking(c => c.Galleries.CreateAsync(new() { Title = new string('x', 201) })).Should().ThrowAsync<ProofsheetValidationException>();
        invalid.Which.Errors.Should().ContainKey("title");
        invalid.Which.TraceId.Should().NotBeNullOrEmpty();
    }
}
