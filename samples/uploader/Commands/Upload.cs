using Proofsheet.Sdk;
using Proofsheet.Uploader.Display;

namespace Proofsheet.Uploader.Commands;

/// <summary>Uploads a folder and exits.</summary>
internal static class Upload
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellation)
    {
        var folder = line.RequireFolder();
        var files = Pictures.In(folder, line).ToList();
        if (files.Count == 0)
        {
            throw new UsageException($"there are no photographs in {folder}; --all takes every file");
        }

        using var client = Account.Of(line).Client(line);
        var gallery = await Galleries.FindAsync(client, line, cancellation);
        var results = await Sending.SendAsync(client, gallery, folder, files, line, cancellation);

        var summary = new Summary(folder);
        summary.Add(results);
        summary.Write(Console.Out);
        if (line.Has("publish"))
        {
            await PublishAsync(client, gallery, cancellation);
        }

        return summary.ExitCode;
    }

    private static async Task PublishAsync(ProofsheetClient client, Gallery gallery, CancellationToken cancellation)
    {
        Console.WriteLine("Waiting until the pictures are made …");
        var progress = await client.Photos.WaitUntilReadyAsync(gallery.Id, cancellationToken: cancellation);
        if (progress.ReadyCount == 0)
        {
            Console.WriteLine("Not published: the gallery has no photograph.");
            return;
        }

        var published = gallery.Status == GalleryStatus.Published ? gallery : await client.Galleries.PublishAsync(gallery.Id, cancellationToken: cancellation);
        Console.WriteLine($"Published: {Shown.Text(published.Url)}");
    }
}
