using System.Text.RegularExpressions;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>The folder that the API writes its mails to.</summary>
internal sealed partial class Mailbox(string folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The first match of a pattern in the newest mail since a time whose file name begins so and that has one.</summary>
    public async Task<string> FindAsync(string kind, Regex pattern, DateTime since = default)
    {
        for (var started = DateTime.UtcNow; DateTime.UtcNow - started < Limit; await Task.Delay(100))
        {
            var files = Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles($"{kind}*.eml").Where(f => f.LastWriteTimeUtc >= since).OrderByDescending(f => f.LastWriteTimeUtc).ToList() : [];
            foreach (var file in files)
            {
                // Quoted-printable: soft line breaks, and the equals sign itself.
                var text = SoftBreak().Replace(await File.ReadAllTextAsync(file.FullName), "").Replace("=3D", "=", StringComparison.Ordinal);
                if (pattern.Match(text) is { Success: true } match)
                {
                    return match.Value;
                }
            }
        }

        throw new InvalidOperationException($"No mail {kind} has {pattern}.");
    }

    [GeneratedRegex("=\r?\n")]
    private static partial Regex SoftBreak();
}
