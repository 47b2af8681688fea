using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Commands;

/// <summary>The commands of the executable besides serving: <c>Proofsheet.Api COMMAND [--option=value …]</c>.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, Func<WebApplication, IConfiguration, Task<int>>> Commands = new(StringComparer.Ordinal)
    {
        ["migrate"] = MigrateAsync,
        ["create-studio"] = CreateStudioAsync,
        ["add-member"] = AddMemberAsync,
        ["add-platform-staff"] = StaffCommands.AddAsync,
        ["remove-platform-staff"] = StaffCommands.RemoveAsync,
        ["new-platform-key"] = (_, _) => NewPlatformKeyAsync(),
        ["cache-tag"] = CacheTagAsync,
        ["verify"] = VerifyCommand.VerifyAsync,
        ["copy-store"] = CopyStoreCommand.CopyAsync,
        ["sweep"] = StoreCommands.SweepAsync,
        ["sealed-values"] = SealedValuesCommand.ListAsync,
    };

    // Flags without a value, for which the configuration reader would otherwise take the next word.
    private static readonly string[] Flags = ["--fix", "--repair", "--check", "--json", "--dry-run"];

    public static string[] WithValues(string[] args) => [.. args.Select(arg => Flags.Contains(arg) ? $"{arg}=true" : arg)];

    public static bool IsAskedFor(string[] args) => args.Length > 0 && !args[0].StartsWith('-');

    /// <summary>The exit code: 0 done, 1 refused, 2 not a command.</summary>
    public static async Task<int> RunAsync(string[] args, WebApplication app)
    {
        if (!Commands.TryGetValue(args[0], out var command))
        {
            await Console.Error.WriteLineAsync($"There is no command '{args[0]}'. There are {string.Join(", ", Commands.Keys)}; without one, the API is served.");
            return 2;
        }

        try
        {
            return await command(app, app.Configuration);
        }
        catch (UnusableDatabaseException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary><c>migrate</c>: updates the configured database to this version's schema.</summary>
    private static async Task<int> MigrateAsync(WebApplication app, IConfiguration options)
    {
        await app.Services.MigrateAsync();
        Console.WriteLine("The database is up to date.");
        return 0;
    }

    /// <summary><c>create-studio --name=… --slug=… --currency=USD [--sandbox=true]</c>: prints its id and first secret key.</summary>
    private static async Task<int> CreateStudioAsync(WebApplication app, IConfiguration options)
    {
        var request = new CreateStudioRequest
        {
            Name = options["name"] ?? "",
            Slug = options["slug"] ?? "",
            Currency = options["currency"] ?? "",
            IsSandbox = options.GetValue("sandbox", false),
        };
        var errors = Validation.Errors(request);
        if (errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', errors.Select(e => $"--{e.Key}: {string.Join(' ', e.Value)}")));
            return 1;
        }

        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var made = await CreateStudio.MakeAsync(
            request, services.GetRequiredService<ProofsheetDb>(), services.GetRequiredService<TenantContext>(), services.GetRequiredService<TimeProvider>(), default);
        if (made.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem.ProblemDetails.Detail);
            return 1;
        }

        Console.WriteLine($"studio      {made.Created!.Studio.Id}");
        Console.WriteLine($"secret key  {made.Created.SecretKey!.Secret}");
        return 0;
    }

    /// <summary>
    /// <c>add-member --studio=SLUG --issuer=… --subject=… [--role=owner --email=… --name=…]</c>: adds an account of an authority to a studio, such as the
    /// first owner of one that the platform created. An existing member gets the role.
    /// </summary>
    private static async Task<int> AddMemberAsync(WebApplication app, IConfiguration options)
    {
        var (slug, issuer, subject) = (options["studio"] ?? "", options["issuer"] ?? "", options["subject"] ?? "");
        if (issuer.Length is 0 or > 255 || subject.Length is 0 or > 255 || !Enum.TryParse<StudioRole>(options["role"] ?? "owner", ignoreCase: true, out var role) || !Enum.IsDefined(role))
        {
            await Console.Error.WriteLineAsync("--studio, --issuer and --subject are needed; --role is owner, admin, editor or viewer.");
            return 1;
        }

        if (options["email"] is { } typed && !EmailAddress.IsValid(typed))
        {
            await Console.Error.WriteLineAsync("--email: it is an e-mail address such as name@example.com.");
            return 1;
        }

        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        if (await db.AcrossTenants<Studio>().SingleOrDefaultAsync(s => s.Slug == slug) is not { } studio)
        {
            await Console.Error.WriteLineAsync($"--studio: there is no studio '{slug}'.");
            return 1;
        }

        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio.TenantId);
        var account = new Account(issuer, subject, "");
        var member = await db.Set<Member>().SingleOrDefaultAsync(m => m.AccountDigest == account.Digest);
        if (member is null)
        {
            var profile = options["email"] is { } email ? new AccountProfile(email, options["name"]) : null;
            db.Add(AcceptInvitation.NewMember(account, role, profile, scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow()));
        }
        else
        {
            member.Role = role;
        }

        await db.SaveChangesAsync();
        Console.WriteLine($"{subject} is {role.ToString().ToLowerInvariant()} of {slug}");
        return 0;
    }

    /// <summary><c>new-platform-key</c>: prints a key and the hash to put into the configuration.</summary>
    private static Task<int> NewPlatformKeyAsync()
    {
        var key = KeyText.Create("ps_platform_");
        Console.WriteLine($"platform key           {key}");
        Console.WriteLine($"Access:PlatformKeyHash {KeyText.Hash(key)}");
        return Task.FromResult(0);
    }

    /// <summary><c>cache-tag --gallery=gal_…</c>: prints the tag by which a CDN purges the gallery's pictures.</summary>
    private static async Task<int> CacheTagAsync(WebApplication app, IConfiguration options)
    {
        if (!Id<Gallery>.TryRead(options["gallery"], out var gallery))
        {
            await Console.Error.WriteLineAsync("--gallery is the id of a gallery.");
            return 1;
        }

        Console.WriteLine(app.Services.GetRequiredService<CacheTags>().Of(gallery));
        return 0;
    }
}
