#nullable enable
// What ./build.sh Run starts: the programs' addresses, their settings, and the secrets of this checkout.

/// The assemblies that Run starts.
record Programs(string Api, string Identity, string AccountBff, string DemoPictures);

record Addresses(int Port, bool HasStorefront)
{
    // Use the same host name everywhere: for cookies and redirect addresses, 127.0.0.1 is not localhost.
    public string Api => $"http://localhost:{Port}";

    public string? Storefront => HasStorefront ? $"http://localhost:{Port + 1}" : null;

    public string Identity => $"http://localhost:{Port + 2}";

    public string Account => $"http://localhost:{Port + 3}";
}

/// Where Run keeps everything. It records which version created it; a folder from another version is refused and left as it is.
static class DataFolder
{
    private const string Folder = ".data";
    private const string Version = $"{Folder}/version";

    public static void Check()
    {
        // Only the databases change between versions, so the list of migrations identifies the version.
        var present = string.Join('\n', new[] { "src/Api", "src/Identity" }.SelectMany(p => System.IO.Directory.GetFiles($"{p}/Data/Providers/Sqlite/Migrations", "*_*.cs"))
            .Select(System.IO.Path.GetFileName).Where(f => !f!.EndsWith(".Designer.cs")).Order(StringComparer.Ordinal));
        if (!System.IO.Directory.Exists(Folder) || !System.IO.Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            System.IO.Directory.CreateDirectory(Folder);
            System.IO.File.WriteAllText(Version, present);
        }
        else if (!System.IO.File.Exists(Version) || System.IO.File.ReadAllText(Version) != present)
        {
            throw new StepFailed($"{Folder} was made by another version and is left as it is. Move it away (mv {Folder} {Folder}.old) and run again.");
        }
    }
}

/// Created once per checkout, in a file that only its owner can read.
record DemoSecrets(string PlatformKey, string Password, string AccountBff, string Api)
{
    public const string Email = "anna@example.com";
    public const string Name = "Anna Lindqvist";
    private const string File = ".data/secrets.json";

    public static DemoSecrets Load()
    {
        if (System.IO.File.Exists(File))
        {
            return JsonSerializer.Deserialize<DemoSecrets>(System.IO.File.ReadAllText(File)) ?? throw new StepFailed($"{File} is empty; delete .data and run again");
        }

        var random = Hex(8);
        var secrets = new DemoSecrets(
            $"ps_platform_{Hex(24)}",
            // Contains four kinds of characters, and is easy to type.
            $"Demo-{random[..4]}-{random[4..8]}-{random[8..12]}-7",
            Hex(32),
            Hex(32));
        System.IO.Directory.CreateDirectory(".data");
        using (var writer = new StreamWriter(File + ".part", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            writer.Write(JsonSerializer.Serialize(secrets));
        }

        System.IO.File.Move(File + ".part", File);
        return secrets;
    }

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}

static class DemoSettings
{
    /// The client of command lines and plugins, which sign in with a code on another device or with a browser.
    public const string DeviceClientId = "command-line";

    private const string StudioScopes =
        "galleries:read galleries:write photos:read photos:write photos:upload orders:read orders:write products:read products:write settings:read settings:write studios:read studios:write";

    public static Dictionary<string, string> OfApi(Addresses addresses, DemoSecrets secrets) => new()
    {
        ["ASPNETCORE_URLS"] = addresses.Api,
        ["Access__PlatformKeyHash"] = DemoSecrets.Hash(secrets.PlatformKey),
        ["Authorities__0__Issuer"] = addresses.Identity,
        ["Authorities__0__Registration__ClientId"] = "proofsheet-api",
        ["Authorities__0__Registration__ClientSecret"] = secrets.Api,
        ["OpenApi__OAuth__AuthorizationUrl"] = $"{addresses.Identity}/connect/authorize",
        ["OpenApi__OAuth__TokenUrl"] = $"{addresses.Identity}/connect/token",
        ["OpenApi__OAuth__ClientId"] = "reference",
        ["Payments__Provider"] = "Simulator",
        ["Payments__Simulator__Folder"] = System.IO.Path.GetFullPath(".data/payments"),
        ["Mail__Folder"] = System.IO.Path.GetFullPath(".data/mail"),
        ["Storage__Disk__Root"] = System.IO.Path.GetFullPath(".data/objects"),
        ["Storefront__BaseUrl"] = addresses.Storefront ?? addresses.Api,
        // For the links in mails: without a request there is no host name to use.
        ["Api__PublicUrl"] = addresses.Api,
    };

    public static Dictionary<string, string> OfIdentity(Addresses addresses, DemoSecrets secrets)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = addresses.Identity,
            ["Logging__LogLevel__Microsoft.EntityFrameworkCore"] = "Warning",
            ["Identity__Issuer"] = addresses.Identity,
            ["Identity__EventReceivers__0__Address"] = $"{addresses.Api}/v1/security-events",
            // Everything runs on this machine, and by default back-channel logout calls no private addresses.
            ["Identity__AllowPrivateAddresses"] = "true",
            ["Branding__ApiUrl"] = addresses.Api,
            ["Keyring__File"] = System.IO.Path.GetFullPath(".data/identity.keys"),
            ["Mail__Folder"] = System.IO.Path.GetFullPath(".data/mail"),
        };
        Add(settings, 0, new()
        {
            ["ClientId"] = "reference", ["Name"] = "API reference", ["GrantTypes[]"] = "authorization_code refresh_token", ["RedirectUris[]"] = $"{addresses.Api}/reference/oauth2-redirect.html",
            ["AllowedOrigins[]"] = addresses.Api, ["Scopes[]"] = $"openid profile email {StudioScopes}",
        });
        Add(settings, 1, new()
        {
            ["ClientId"] = "account-bff", ["Name"] = "Your account", ["AuthMethod"] = "client_secret_basic", ["Secrets:0:Hash"] = DemoSecrets.Hash(secrets.AccountBff),
            ["GrantTypes[]"] = "authorization_code refresh_token", ["RedirectUris[]"] = $"{addresses.Account}/bff/signed-in", ["PostLogoutRedirectUris[]"] = $"{addresses.Account}/",
            ["BackChannelLogoutUri"] = $"{addresses.Account}/bff/back-channel-logout", ["RequirePushedRequests"] = "true", ["Scopes[]"] = $"openid profile email offline_access {StudioScopes}",
        });
        Add(settings, 2, new()
        {
            ["ClientId"] = DeviceClientId, ["Name"] = "Command line", ["ApplicationType"] = "native", ["GrantTypes[]"] = "urn:ietf:params:oauth:grant-type:device_code authorization_code refresh_token",
            ["RedirectUris[]"] = "http://127.0.0.1/signed-in", ["Scopes[]"] = $"openid profile email offline_access {StudioScopes}",
        });
        Add(settings, 3, new()
        {
            ["ClientId"] = "proofsheet-api", ["Name"] = "Proofsheet API", ["AuthMethod"] = "client_secret_basic", ["Secrets:0:Hash"] = DemoSecrets.Hash(secrets.Api),
            ["GrantTypes[]"] = "client_credentials", ["Scopes[]"] = "clients:register",
        });
        return settings;
    }

    public static Dictionary<string, string> OfAccountBff(Addresses addresses, DemoSecrets secrets) => new()
    {
        ["ASPNETCORE_URLS"] = addresses.Account,
        ["Bff__ApiUrl"] = addresses.Api,
        ["Bff__Authority"] = addresses.Identity,
        ["Bff__ClientId"] = "account-bff",
        ["Bff__ClientSecret"] = secrets.AccountBff,
        ["Bff__PublicUrl"] = addresses.Account,
        ["Bff__KeysFolder"] = System.IO.Path.GetFullPath(".data/account-bff"),
    };

    /// Adds a client of the installation itself, as environment variables; the value of a name that ends in [] is a list of words.
    private static void Add(Dictionary<string, string> settings, int number, Dictionary<string, string> client)
    {
        client["IsFirstParty"] = "true";
        foreach (var (name, value) in client)
        {
            var key = $"Identity__Clients__{number}__{name.Replace(":", "__").TrimEnd('[', ']')}";
            if (name.EndsWith("[]", StringComparison.Ordinal))
            {
                var words = value.Split(' ');
                for (var i = 0; i < words.Length; i++)
                {
                    settings[$"{key}__{i}"] = words[i];
                }
            }
            else
            {
                settings[key] = value;
            }
        }
    }
}
