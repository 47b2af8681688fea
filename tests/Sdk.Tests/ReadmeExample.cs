// The example of src/Sdk/csharp/README.md, as it stands there: ReadmeTests compares the two and runs this one.
using Proofsheet.Sdk.Generated;

namespace Proofsheet.Sdk.Tests;

internal static class ReadmeExample
{
#pragma warning disable IDE0011 // The README is as short as people write.
    public static async Task RunAsync(Uri address, string key, Console Console, Directory Directory)
    {
        // <README>
        using var client = new ProofsheetClient(address, key);
        var gallery = await client.Galleries.CreateAsync(new() { Title = "Anna & Ben", Visibility = GalleryVisibility.Pin, Pin = "204816" });
        await client.Photos.UploadAsync(gallery.Id, Directory.EnumerateFiles("wedding"), new Progress<UploadProgress>(p => Console.WriteLine($"{p.Percent} %")));
        await client.Photos.WaitUntilReadyAsync(gallery.Id);
        await client.Galleries.PublishAsync(gallery.Id);
        await foreach (var photo in client.Photos.ListAllAsync(gallery.Id)) Console.WriteLine($"{photo.FileName} {photo.Urls?.Large}");
        Console.WriteLine(gallery.Address);
        // </README>
    }
#pragma warning restore IDE0011

    /// <summary>Stands for the process's console and current folder, which tests in parallel must not change.</summary>
    internal sealed class Console
    {
        public List<string> Lines { get; } = [];

        public void WriteLine(string line)
        {
            lock (Lines)
            {
                Lines.Add(line);
            }
        }
    }

    internal sealed class Directory(string root)
    {
        public IEnumerable<string> EnumerateFiles(string folder) => System.IO.Directory.EnumerateFiles(Path.Combine(root, folder)).Order();
    }
}
