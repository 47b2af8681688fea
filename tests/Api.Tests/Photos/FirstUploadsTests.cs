using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

[Trait("Database", "Provider")]
public sealed class FirstUploadsTests
{
    [Fact]
    public async Task Several_first_files_of_a_gallery_at_once_are_all_accepted_and_nothing_is_logged_as_wrong()
    {
        using var log = new RecordedLog();
        await using var host = await ApiHost.StartAsync(RecordedLog.Settings(), log.AddTo);
        var studio = await host.StudioAsync();
        for (var round = 0; round < 4; round++)
        {
            var gallery = await studio.GalleryAsync();
            var files = Enumerable.Range(0, 8).Select(i => ($"{i}.jpg", PhotoClients.NewJpeg(320, 240))).ToList();

            var answers = await Task.WhenAll(files.Select(file => gallery.UploadAsync(file)));

            answers.Should().OnlyContain(a => a.Status == 201 && a.Body!["results"]![0]!["outcome"]!.GetValue<string>() == "accepted");
        }

        log.ShouldHoldNoWarning();
    }
}
