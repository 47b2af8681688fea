namespace Proofsheet.Uploader;

/// <summary>The command line is invalid, or the command cannot be carried out as given.</summary>
internal sealed class UsageException(string message) : Exception(message);

internal static class ExitCode
{
    public const int Done = 0;
    public const int SomeRefused = 1;
    public const int Usage = 2;
    public const int NotAllowed = 3;
    public const int Unreachable = 4;
    public const int Failed = 5;
    public const int Interrupted = 130;
}

/// <summary>The parsed command line: <c>uploader COMMAND [FOLDER] [--name VALUE | --name=VALUE | --switch]…</c>.</summary>
internal sealed class CommandLine
{
    private static readonly string[] Connection = ["api", "key", "authority", "client-id", "studio"];
    private static readonly string[] Sending = ["gallery", "create", "sections", "all", "plain", "concurrency", "patience"];
    private static readonly HashSet<string> Switches = ["create", "sections", "publish", "all", "plain", "help"];
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private CommandLine(string command) => Command = command;

    public string Command { get; }

    public string? Folder { get; private set; }

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args[0] is "--help" or "-h" or "help")
        {
            return new CommandLine("help");
        }

        var line = new CommandLine(args[0]);
        string[] known = line.Command switch
        {
            "login" => Connection.Where(o => o != "key").ToArray(),
            "logout" => [],
            "upload" => [.. Connection, .. Sending, "publish"],
            "watch" => [.. Connection, .. Sending, "settle"],
            _ => throw new UsageException($"there is no command '{line.Command}'"),
        };
        for (var at = 1; at < args.Count; at++)
        {
            at += line.Take(args[at], at + 1 < args.Count ? args[at + 1] : null, [.. known, "help"]);
        }

        return line.Has("help") ? new CommandLine("help") : line;
    }

    public bool Has(string option) => _options.ContainsKey(option);

    public string? Value(string option) => _options.GetValueOrDefault(option);

    /// <summary>The option, or else the environment variable.</summary>
    public string? Value(string option, string variable) => Value(option) ?? (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null);

    public int Number(string option, int otherwise, int min, int max) => Value(option) is not { } text ? otherwise
        : int.TryParse(text, out var number) && number >= min && number <= max ? number
        : throw new UsageException($"--{option}: a number from {min} to {max}");

    public string RequireFolder()
    {
        var folder = Folder ?? throw new UsageException($"{Command} needs a folder");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : throw new UsageException($"there is no folder {folder}");
    }

    /// <returns>How many of the following arguments belong to this one.</returns>
    private int Take(string argument, string? next, string[] known)
    {
        if (argument is "-h")
        {
            argument = "--help";
        }

        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            Folder = Folder is null && known.Contains("gallery") ? argument : throw new UsageException($"what is '{argument}'?");
            return 0;
        }

        var (name, value) = argument.Split('=', 2) is [var before, var after] ? (before[2..], after) : (argument[2..], null);
        if (!known.Contains(name))
        {
            throw new UsageException($"{Command} does not know --{name}");
        }

        if (Switches.Contains(name))
        {
            _options[name] = value is null ? "" : throw new UsageException($"--{name} takes no value");
            return 0;
        }

        _options[name] = value ?? next ?? throw new UsageException($"--{name} needs a value");
        return value is null ? 1 : 0;
    }
}
