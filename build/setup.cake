#nullable enable
// Installs what a fresh machine lacks, without repeating work: each piece of set-up leaves a stamp, which is a hash of its inputs.
using System.Security.Cryptography;
using System.Text;

static class Stamps
{
    private static readonly Dictionary<string, object> s_locks = [];

    /// Does the work if its inputs changed since it last succeeded, or if its output is missing.
    public static void Unless(string name, IEnumerable<string> inputs, string output, Action work)
    {
        object turn;
        lock (s_locks)
        {
            turn = s_locks.TryGetValue(name, out var made) ? made : s_locks[name] = new object();
        }

        lock (turn)
        {
            UnlessInTurn(name, inputs, output, work);
        }
    }

    /// Marks the work as done, if a larger step has done it.
    public static void Done(string name, IEnumerable<string> inputs) => System.IO.File.WriteAllText($".tools/stamps/{name}", Hash(inputs));

    private static void UnlessInTurn(string name, IEnumerable<string> inputs, string output, Action work)
    {
        var stamp = $".tools/stamps/{name}";
        var hash = Hash(inputs);
        if ((System.IO.Directory.Exists(output) || System.IO.File.Exists(output)) && System.IO.File.Exists(stamp) && System.IO.File.ReadAllText(stamp) == hash)
        {
            return;
        }

        System.IO.File.Delete(stamp);
        work();
        // Hash again: the work may have changed an input itself, as npm does.
        Done(name, inputs);
    }

    public static string Hash(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(paths))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\0"));
            hash.AppendData(SHA256.HashData(System.IO.File.ReadAllBytes(file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public static IEnumerable<string> Files(IEnumerable<string> paths) => paths.SelectMany(FilesOf).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesOf(string path)
    {
        if (System.IO.File.Exists(path))
        {
            return [path];
        }

        return System.IO.Directory.Exists(path)
            ? System.IO.Directory.EnumerateFiles(path).Concat(System.IO.Directory.EnumerateDirectories(path).Where(IsSource).SelectMany(FilesOf))
            : [];
    }

    private static bool IsSource(string folder) =>
        System.IO.Path.GetFileName(folder) is not (".git" or "bin" or "obj" or "node_modules" or "dist" or "artifacts" or ".vite");
}

static class Setup
{
    public static void Folders()
    {
        foreach (var folder in new[] { ".tools/stamps", ".tools/logs", "artifacts" })
        {
            System.IO.Directory.CreateDirectory(folder);
        }
    }

    public static void SystemPackages(params string[] packages)
    {
        if (OperatingSystem.IsLinux())
        {
            Shell.Run("bash", ["build/system-packages.sh", .. packages]);
        }
    }

    /// Installs the npm packages of the build itself into .tools/node_modules.
    public static void Tools() => Stamps.Unless("tools", ["build/tools"], ".tools/node_modules", () =>
    {
        foreach (var file in new[] { "package.json", "package-lock.json", ".npmrc" })
        {
            System.IO.File.Copy($"build/tools/{file}", $".tools/{file}", overwrite: true);
        }

        Npm.Ci(".tools");
    });
}

static class Npm
{
    private static readonly string[] s_unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT", "ENOTCACHED"];

    public static bool Has(string folder) => System.IO.File.Exists($"{folder}/package.json");

    public static bool HasScript(string folder, string script)
    {
        if (!Has(folder))
        {
            return false;
        }

        using var package = JsonDocument.Parse(System.IO.File.ReadAllText($"{folder}/package.json"));
        return package.RootElement.TryGetProperty("scripts", out var scripts) && scripts.TryGetProperty(script, out _);
    }

    public static void Ci(string folder)
    {
        Console.WriteLine($"Installing the npm packages of {(folder == ".tools" ? "the build" : folder)} ...");
        try
        {
            Shell.Run("npm", ["ci", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"], folder, Log(folder, "ci"));
        }
        catch (StepFailed) when (System.IO.File.ReadLines(Log(folder, "ci")).Any(l => s_unreachable.Any(u => l.Contains(u, StringComparison.Ordinal))))
        {
            throw new StepFailed($"npm reached no package source. Connect this machine, or set npm's 'registry' or 'cache' to one that holds the packages (its answer: {Log(folder, "ci")})");
        }
    }

    public static void Install(string folder) =>
        Stamps.Unless(Name(folder, "npm"), [$"{folder}/package.json", $"{folder}/package-lock.json", $"{folder}/.npmrc"],
            $"{folder}/node_modules", () => Ci(folder));

    public static void Script(string folder, string script, bool quiet = true) =>
        Shell.Run("npm", ["run", "--silent", script], folder, quiet ? Log(folder, script) : null);

    /// Builds a package into its dist folder, if it or something it is built from changed.
    public static void Build(string folder, params string[] from)
    {
        Install(folder);
        Stamps.Unless(Name(folder, "build"), [folder, .. from], $"{folder}/dist", () =>
        {
            Console.WriteLine($"Building {folder} ...");
            Script(folder, "build");
        });
    }

    private static string Name(string folder, string what) => $"{folder.Replace('/', '-')}-{what}";

    private static string Log(string folder, string what) =>
        System.IO.Path.GetFullPath($".tools/logs/{Name(folder, $"npm-{what}").TrimStart('.')}.log");
}
