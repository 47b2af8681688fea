#nullable enable
// Ahead-of-time compilation (ReadyToRun) of the built assemblies: JIT compilation takes half of the CPU time of a program's start.
// The SDK does this only when publishing for a specific platform, but the tests and Run start the build output.
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

static class Ahead
{
    // Where compiled assemblies are kept, named by the hash of their input.
    private const string Kept = ".tools/ready-to-run";
    private const string Project = "build/ready-to-run/ReadyToRun.proj";

    // Large, and not used during a start.
    private static readonly string[] s_leftOut =
    [
        "Apache.Arrow", "AWSSDK.", "Azure.", "BouncyCastle.", "MailKit", "Microsoft.ApplicationInsights", "Microsoft.Data.SqlClient", "Microsoft.Identity.Client",
        "Microsoft.SqlServer.", "MimeKit", "Swashbuckle.AspNetCore.SwaggerUI", "Swashbuckle.AspNetCore.ReDoc",
    ];

    /// Replaces the assemblies in these folders with compiled ones.
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
                // Moved into place, so that a program running from this folder keeps the file it has open.
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
        /// Finds the SDK's compiler, in the version of its runtime.
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
