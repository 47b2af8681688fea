using Proofsheet.Sdk;
using Proofsheet.Uploader.Display;

namespace Proofsheet.Uploader.Commands;

internal static class Galleries
{
    /// <summary>Finds the gallery of <c>--gallery</c> by its ID or title, or creates it if that was requested.</summary>
    public static async Task<Gallery> FindAsync(ProofsheetClient client, CommandLine line, CancellationToken cancellation)
    {
        var wanted = line.Value("gallery") is { Length: > 0 } given ? given : throw new UsageException("which gallery? Give --gallery ID or --gallery TITLE");
        if (wanted.StartsWith("gal_", StringComparison.Ordinal) && wanted.Length == 30)
        {
            try
            {
                return await client.Galleries.GetAsync(wanted, cancellation);
            }
            catch (ProofsheetNotFoundException)
            {
                throw new UsageException($"there is no gallery {wanted}");
            }
        }

        var found = new List<Gallery>();
        await foreach (var gallery in client.Galleries.ListAllAsync(cancellationToken: cancellation))
        {
            if (string.Equals(gallery.Title, wanted, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(gallery);
            }
        }

        if (found.Count > 1)
        {
            throw new UsageException($"{found.Count} galleries are called {wanted}; name one by its id: {string.Join(", ", found.Select(g => g.Id))}");
        }

        if (found.Count == 0 && !line.Has("create"))
        {
            throw new UsageException($"there is no gallery {wanted}; --create makes it");
        }

        if (found.Count == 1)
        {
            return found[0];
        }

        var made = await client.Galleries.CreateAsync(new() { Title = wanted }, cancellationToken: cancellation);
        Console.WriteLine($"Made the gallery {Shown.Text(made.Title)} ({made.Id}); anyone with its address can see it once it is published.");
        return made;
    }
}
