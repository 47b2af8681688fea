using System.ComponentModel.DataAnnotations;
using System.Reflection;
using FluentAssertions;
using Proofsheet.Api.Http;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

/// <summary>Names and titles are a single line, no matter who writes them; captions and descriptions may have several.</summary>
public sealed class OneLineTests(ApiHost api)
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(" as  it is ", " as  it is ")]
    [InlineData("Clara\r\n&\tJonas", "Clara & Jonas")]
    [InlineData("\n\nClara \u2028 Jonas\u0085", "Clara Jonas")]
    [InlineData("\u001b[31mred\u007f", "[31mred")]
    [InlineData("\r\n", "")]
    public void Control_characters_become_one_space(string text, string line) => OneLine.Of(text).Should().Be(line);

    [Fact]
    public async Task Names_and_titles_of_requests_are_one_line()
    {
        var studio = await api.StudioAsync();
        var gallery = (await studio.Api.PostAsync("/v1/galleries", new { title = "Clara\r\n& Jonas", description = "First\nsecond", isListed = false })).ShouldBe(201);
        (gallery["title"], gallery["description"]).Should().Be(("Clara & Jonas", "First\nsecond"));
        (await studio.Api.PatchAsync($"/v1/galleries/{gallery["id"]}", new { title = "Clara\u2028Jonas" })).ShouldBe(200)["title"].Should().Be("Clara Jonas");
        (await studio.Api.PatchAsync($"/v1/galleries/{gallery["id"]}", new { title = "\r\n" })).ShouldBeProblem(400, "validation_failed");
        // The studio's name is in the sender of every mail.
        (await studio.Api.PatchAsync("/v1/studio", new { name = "Anna\r\nBcc: everybody@example.com" })).ShouldBe(200)["name"].Should().Be("Anna Bcc: everybody@example.com");
    }

    [Fact]
    public async Task A_photo_s_title_is_one_line_and_its_caption_keeps_its_own()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();

        var changed = (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photo.Id()}", new { title = "The\nkiss", caption = "First\nsecond" })).ShouldBe(200);

        (changed["title"], changed["caption"]).Should().Be(("The kiss", "First\nsecond"));
    }

    [Fact]
    public async Task A_resumable_upload_s_title_is_one_line()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length, "a.jpg", ("title", "The\r\nkiss"), ("caption", "First\nsecond"));

        var id = (await gallery.Studio.Api.PatchAsync(url, 0, bytes)).ShouldBe(204).Headers["Proofsheet-Photo"];

        var photo = (await gallery.Studio.Api.GetAsync($"/v1/photos/{id}")).ShouldBe(200);
        (photo["title"], photo["caption"]).Should().Be(("The kiss", "First\nsecond"));
    }

    [Fact]
    public void Every_name_and_title_that_a_request_holds_is_one_line()
    {
        var texts = typeof(OneLineAttribute).Assembly.GetTypes().SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => p.PropertyType == typeof(string) && (p.Name is "Name" or "Title" || p.Name.EndsWith("Name", StringComparison.Ordinal)) && p.IsDefined(typeof(StringLengthAttribute)))
            .ToList();

        texts.Should().HaveCountGreaterThan(20);
        texts.Where(p => !p.IsDefined(typeof(OneLineAttribute)) && !p.IsDefined(typeof(RegularExpressionAttribute)))
            .Select(p => $"{p.DeclaringType!.Name}.{p.Name}").Should().BeEmpty("a line break in one of these ends up in a heading, a table or the header of a mail");
    }
}
