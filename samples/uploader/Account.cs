using System.Text.Json;
using Proofsheet.Sdk;

namespace Proofsheet.Uploader;

/// <summary>Where the API is and who signs in: from the command line, the environment, or what <c>login</c> saved.</summary>
internal sealed record Account
{
    public Uri? Api { get; init; }

    public Uri? Authority { get; init; }

    public string? ClientId { get; init; }

    public string? Studio { get; init; }

    public static string TokensFile => Path.Combine(ConfigFolder, "tokens.json");

    /// <summary>Where unfinished uploads are remembered.</summary>
    public static string SessionsFolder => Path.Combine(Under("XDG_STATE_HOME", Environment.SpecialFolder.LocalApplicationData), "uploads");

    private static string SettingsFile => Path.Combine(ConfigFolder, "settings.json");

    private static string ConfigFolder => Under("XDG_CONFIG_HOME", Environment.SpecialFolder.ApplicationData);

    public static Account Of(CommandLine line)
    {
        var kept = Kept();
        return new Account
        {
            Api = Address(line.Value("api", "PROOFSHEET_URL"), "--api") ?? kept.Api,
            Authority = Address(line.Value("authority", "PROOFSHEET_AUTHORITY"), "--authority") ?? kept.Authority,
            ClientId = line.Value("client-id", "PROOFSHEET_CLIENT_ID") ?? kept.ClientId,
            Studio = line.Value("studio", "PROOFSHEET_STUDIO") ?? kept.Studio,
        };
    }

    public void Keep() => File.WriteAllText(SettingsFile, JsonSerializer.Serialize(this));

    public ProofsheetClient Client(CommandLine line)
    {
        var options = new ProofsheetOptions { BaseAddress = RequireApi(), UserAgent = "Uploader/1.0" };
        return line.Value("key", "PROOFSHEET_KEY") is { } key ? new ProofsheetClient(options with { Key = key })
            : File.Exists(TokensFile) && Authority is not null ? new ProofsheetClient(options with { Tokens = SignIn() })
            : throw new UsageException("nobody is signed in. Run: uploader login, or set PROOFSHEET_KEY");
    }

    public DeviceSignIn SignIn() => new(
        new AuthorityClient(new()
        {
            Authority = Authority ?? throw new UsageException("where do you sign in? Give --authority, or set PROOFSHEET_AUTHORITY"),
            ClientId = ClientId ?? throw new UsageException("which client is this? Give --client-id, or set PROOFSHEET_CLIENT_ID"),
            Scope = "openid offline_access galleries:read galleries:write photos:read photos:upload",
            Tenant = Studio,
        }),
        new FileTokenStore(TokensFile));

    public Uri RequireApi() => Api ?? throw new UsageException("where is the API? Give --api, or set PROOFSHEET_URL");

    private static Account Kept()
    {
        try
        {
            return JsonSerializer.Deserialize<Account>(File.ReadAllText(SettingsFile)) ?? new();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return new();
        }
    }

    private static Uri? Address(string? text, string option) => text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new UsageException($"{option}: an address such as https://api.studio.example");

    private static string Under(string variable, Environment.SpecialFolder otherwise) => Path.Combine(
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : Environment.GetFolderPath(otherwise, Environment.SpecialFolderOption.DoNotVerify), "proofsheet-uploader");
}
