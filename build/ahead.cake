#nullable enable
// Ahead-of-time compilation (ReadyToRun) of what was built: half of the CPU time of a program's start is the compilation of what it brings.
// The SDK does it when it publishes for one platform; the tests and Run start what was built.
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

static class Ahead
{
    // Where a compiled assembly is kept, by the hash of what it was made from.
    private const string Kept = ".tools/ready-to-run";
    private const string Project = "build/ready-to-run/ReadyToRun.proj";

    // Large, and not called at a start.
    private static readonly string[] s_leftOut =
    [
        "Apache.Arrow", "AWSSDK.", "Azure.", "BouncyCastle.", "MailKit", "Microsoft.ApplicationInsights", "Microsoft.Data.SqlClient", "Microsoft.Identity.Client",
        "Microsoft.SqlServer.", "MimeKit", "Swashbuckle.AspNetCore.SwaggerUI", "Swashbuckle.AspNetCore.ReDoc",
    ];

    /// Replaces the assemblies in these folders by compiled ones.
    public static void Compile(params string[] folders)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        System.IO.Directory.CreateDirectory(Kept);
        Compiler? compiler = null;
        foreach (var folder in folders)
        {
            var assemblies = System.IO.Directory.GetFiles(folder, "*.dll").Where(IsToCompile).ToDictionary(f => f, Hash);
            var missing = assemblies.Where(a => !System.IO.File.Exists($"{Kept}/{a.Value}.dll")).ToList();
            if (missing.Count > 0)
            {
                (compiler ??= Compiler.Find()).Compile(missing, folder, Kept);
            }

            foreach (var (file, hash) in assemblies)
            {
                // A program that runs from there keeps what it has.
                System.IO.File.Copy($"{Kept}/{hash}.dll", file + ".new", overwrite: true);
                System.IO.File.Move(file + ".new", file, overwrite: true);
            }
        }
    }

    private static bool IsToCompile(string file)
    {
        var name = System.IO.Path.GetFileName(file);
        if (s_leftOut.Any(n => name.StartsWith(n, StringComparison.Ordinal)))
        {
            return false;
        }

        using var image = new PEReader(System.IO.File.OpenRead(file));
        return image is { HasMetadata: true, PEHeaders.CorHeader: { ManagedNativeHeaderDirectory.Size: 0 } cor } && cor.Flags.HasFlag(CorFlags.ILOnly);
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(System.IO.File.ReadAllBytes(file)));

    private sealed record Compiler(string Program, string[] Frameworks)
    {
        /// The SDK's own, in the version of its runtime.
        public static Compiler Find()
        {
            Shell.Run("dotnet", ["restore", Project, "-v", "q", "-nologo"], log: System.IO.Path.GetFullPath(".tools/logs/ready-to-run-restore.log"));
            var log = System.IO.Path.GetFullPath(".tools/logs/ready-to-run.log");
            Shell.Run("dotnet", ["msbuild", Project, "-t:Tell", "-nologo", "-v:m"], log: log);
            var told = System.IO.File.ReadLines(log).Select(l => l.Trim().Split('=', 2)).Where(l => l.Length == 2).ToDictionary(l => l[0], l => l[1]);
            return new(told["compiler"], [$"{told["shared"]}/Microsoft.NETCore.App/{told["version"]}", $"{told["shared"]}/Microsoft.AspNetCore.App/{told["version"]}"]);
        }

        public void Compile(List<KeyValuePair<string, string>> assemblies, string folder, string into)
        {
            var staging = System.IO.Directory.CreateTempSubdirectory("ready-to-run").FullName;
            foreach (var (file, _) in assemblies)
            {
                System.IO.File.Copy(file, $"{staging}/{System.IO.Path.GetFileName(file)}");
            }

            Shell.Run(Program,
                [$"{staging}/*.dll", "--single-file-compilation", "--out-near-input", "-O", "-r", $"{folder}/*.dll", .. Frameworks.SelectMany(f => new[] { "-r", $"{f}/*.dll" })],
                log: System.IO.Path.GetFullPath($".tools/logs/crossgen-{System.IO.Path.GetRandomFileName()}.log"));
            foreach (var (file, hash) in assemblies)
            {
                System.IO.File.Move($"{staging}/{System.IO.Path.GetFileNameWithoutExtension(file)}.ni.dll", $"{into}/{hash}.dll", overwrite: true);
            }

            System.IO.Directory.Delete(staging, recursive: true);
        }
    }
}
