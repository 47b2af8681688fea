namespace Proofsheet.Api.Tests.Conventions;

/// <summary>The checkout the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Source files below a folder of the checkout, without build output.</summary>
    public static IEnumerable<string> Files(string below, string pattern) =>
        Directory.Exists(Path.Combine(Root, below))
            ? Directory.EnumerateFiles(Path.Combine(Root, below), pattern, SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
                .Where(f => !f.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "dist"))
            : [];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "build.cake")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("These tests read the source: run them inside a checkout.");
    }
}
