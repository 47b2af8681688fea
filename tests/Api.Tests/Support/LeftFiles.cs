namespace Proofsheet.Api.Tests.Support;

/// <summary>Temporary files that nobody deleted. The folder of a living process and its lock are no such files.</summary>
internal static class LeftFiles
{
    public static IEnumerable<string> In(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
        : [];
}
