// The example in src/Sdk/csharp/README.md, verbatim: ReadmeTests compares the two and runs this one.

namespace Proofsheet.Sdk.Tests;

internal static class ReadmeExample
{
#pragma warning disable IDE0011 // The README is as short as people write.
    public static async Task RunAsync(Uri address, string key, Console Console, Directory Directory)
    {
        // <README>
        using var client = new ProofsheetClient(address, key);
        var gallery = await client.Galleries.CreateAsync(new() { Title = "Anna & Ben", Requires = GalleryRequirement.Pin, Pin = "204816" });
        await client.Photos.UploadAsync(gallery.Id, Directory.EnumerateFiles("wedding"), new Progress<UploadProgress>(p => Console.WriteLine($"{p.Percent} %")));
        await client.Photos.WaitUntilReadyAsync(gallery.Id);
        await client.Galleries.PublishAsync(gallery.Id);
        await foreach (var photo in client.Photos.ListAllAsync(gallery.Id)) Console.WriteLine($"{photo.CurrentVersion.FileName} {photo.Urls?.Large}");
        Console.WriteLine(gallery.Url);
        // </README>
    }

    public static async Task UploadAsync(ProofsheetClient client, Gallery gallery, string folder, string stateFolder, Console Console)
    {
        // <RESUMABLE>
        var upload = client.Photos.Resumable(gallery.Id, UploadFile.FromFolder(folder, sections: true), new()
        {
            Sessions = new FileUploadSessionStore(stateFolder),
            Progress = new Progress<UploadProgress>(p => Console.WriteLine($"{p.Percent} %, {p.TimeLeft} left")),
        });
        foreach (var file in await upload.RunAsync()) Console.WriteLine($"{file.File.Name} {file.Outcome.Value} {file.Problem?.Detail}");
        // </RESUMABLE>
    }

    // Tested with our own authority in tests/Storefront.Tests/SignIn.
    public static async Task SignInAsync(Uri address, Console Console)
    {
        // <SIGN-IN>
        using var authority = new AuthorityClient(new() { Authority = new Uri("https://id.studio.example"), ClientId = "my-plugin", Scope = "openid offline_access galleries:read", Tenant = "anna-lindqvist" });
        var device = new DeviceSignIn(authority, new FileTokenStore("tokens.json"));
        if (await device.GetTokenAsync() is null)
            await device.SignInAsync((prompt, _) => { Console.WriteLine($"Open {prompt.VerificationAddress} and type {prompt.UserCode}"); return Task.CompletedTask; });
        using var client = new ProofsheetClient(new ProofsheetOptions { BaseAddress = address, Tokens = device });
        await foreach (var gallery in client.Galleries.ListAllAsync()) Console.WriteLine(gallery.Title);
        // </SIGN-IN>
    }
#pragma warning restore IDE0011

    /// <summary>Stands in for the process's console and current folder, which parallel tests must not change.</summary>
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
