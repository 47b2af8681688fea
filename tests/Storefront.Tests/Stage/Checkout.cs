using System.Reflection;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>Where things are in the checkout, and what is missing. Other test projects link this file; each declares the programs that it starts.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Api => Assembly("ApiAssembly");

    public static string Identity => Assembly("IdentityAssembly");

    public static string AccountBff => Assembly("AccountBffAssembly");

    public static string DemoPictures => Assembly("DemoPicturesAssembly");

    public static string Storefront { get; } = Path.Combine(Root, "samples", "storefront");

    public static string Artifacts { get; } = Path.Combine(Root, "artifacts");

    public static string? Chromium { get; } = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>What these tests need and this machine lacks, and how to get it; null when nothing is missing.</summary>
    public static string? Missing { get; } =
        Chromium is null ? "Chromium is not installed: apt-get install chromium"
        : !OnPath("node") ? "Node is not installed: https://nodejs.org, version 20 or later"
        : !File.Exists(Path.Combine(Storefront, "dist", "index.html")) ? "The storefront is not built: npm ci && npm run build in src/Sdk/typescript, then in samples/storefront"
        : null;

    private static string Assembly(string name) => Path.Combine(Root, typeof(Checkout).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!);

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build.cake")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Run these tests inside a checkout.");
    }
}
