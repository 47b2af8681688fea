using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Commands;

/// <summary>The commands of the executable, besides serving: <c>Proofsheet.Identity COMMAND [--option=value …]</c>.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, Func<WebApplication, Task<int>>> Commands = new(StringComparer.Ordinal)
    {
        ["migrate"] = MigrateAsync,
        ["create-user"] = CreateUserAsync,
        ["new-client-secret"] = _ => NewClientSecretAsync(),
        ["keys"] = ListKeysAsync,
        ["withdraw-key"] = WithdrawKeyAsync,
        ["sealed-values"] = ListSealedValuesAsync,
    };

    public static bool IsAskedFor(string[] args) => args.Length > 0 && !args[0].StartsWith('-');

    /// <summary>Returns the exit code: 0 done, 1 refused, 2 unknown command.</summary>
    public static async Task<int> RunAsync(string[] args, WebApplication app)
    {
        if (!Commands.TryGetValue(args[0], out var command))
        {
            await Console.Error.WriteLineAsync($"There is no command '{args[0]}'. There are {string.Join(", ", Commands.Keys)}; without one, the authority is served.");
            return 2;
        }

        try
        {
            return await command(app);
        }
        catch (UnusableDatabaseException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary><c>migrate</c>: migrates the configured database to this version's schema.</summary>
    private static async Task<int> MigrateAsync(WebApplication app)
    {
        await app.Services.MigrateAsync();
        Console.WriteLine("The database is up to date.");
        return 0;
    }

    /// <summary>
    /// <c>create-user --email=… --name=…</c>: creates an account with a confirmed address and prints its subject. An existing account is not changed.
    /// The password is read from standard input, so that neither the process list nor the shell history shows it.
    /// </summary>
    private static async Task<int> CreateUserAsync(WebApplication app)
    {
        var (name, password) = (app.Configuration["name"]?.Trim() ?? "", await Console.In.ReadLineAsync() ?? "");
        var errors = new List<string>();
        if (!EmailAddress.TryRead(app.Configuration["email"], out var email))
        {
            errors.Add("--email: an e-mail address that can be written to.");
        }

        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            errors.Add("--name: 1 to 100 characters.");
        }

        errors.AddRange(PasswordRules.Errors(password, email, name).Select(e => $"password (on standard input): {e}"));
        if (errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', errors));
            return 1;
        }

        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var (db, users) = (scope.ServiceProvider.GetRequiredService<IdentityDb>(), scope.ServiceProvider.GetRequiredService<UserManager<User>>());
        var normalized = users.NormalizeEmail(email);
        var user = await db.Users.SingleOrDefaultAsync(u => u.NormalizedUserName == normalized);
        if (user is null)
        {
            user = User.Make(email!, name, scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow());
            (user.NormalizedEmail, user.NormalizedUserName, user.LockoutEnabled, user.EmailConfirmed) = (normalized, normalized, true, true);
            user.SecurityStamp = Secret.New();
            user.PasswordHash = await scope.ServiceProvider.GetRequiredService<PasswordHashing>().HashAsync(password, default);
            db.Add(user);
            await db.SaveChangesAsync();
        }

        Console.WriteLine($"subject {user.Id}");
        return 0;
    }

    /// <summary><c>new-client-secret</c>: prints a client secret, and the hash to put into <c>Identity:Clients</c>.</summary>
    private static Task<int> NewClientSecretAsync()
    {
        var secret = Secret.New();
        Console.WriteLine($"secret  {secret}");
        Console.WriteLine($"hash    {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)))}");
        return Task.FromResult(0);
    }

    /// <summary><c>keys</c>: lists the signing keys, including those that do not sign yet or no longer sign.</summary>
    private static async Task<int> ListKeysAsync(WebApplication app)
    {
        await app.Services.MigrateIfEmbeddedAsync();
        await app.Services.GetRequiredService<SigningKeys>().PublishedAsync(default);
        await using var scope = app.Services.CreateAsyncScope();
        foreach (var key in (await scope.ServiceProvider.GetRequiredService<ISigningKeyStore>().ListAsync(default)).OrderBy(k => k.Algorithm, StringComparer.Ordinal).ThenBy(k => k.Sequence))
        {
            Console.WriteLine($"{key.Kid}  {key.Algorithm}  signs from {key.SignsFrom:u}{(key.WithdrawnAt is { } at ? $"  withdrawn {at:u}" : "")}");
        }

        return 0;
    }

    /// <summary><c>sealed-values</c>: lists the master keys, each with the number of values in the database that it sealed.</summary>
    private static async Task<int> ListSealedValuesAsync(WebApplication app)
    {
        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        await SealedValues.PrintAsync(app.Services.GetRequiredService<Keyring>(), await SealedValues.CountAsync(db, entity => RowsOf(db, entity)), Console.Out);
        return 0;
    }

    private static IQueryable<object> RowsOf(DbContext db, Type entity) =>
        (IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), [])!.MakeGenericMethod(entity).Invoke(db, [])!;

    /// <summary>
    /// <c>withdraw-key --kid=…</c>: removes a key from the set at once, such as when it may have leaked. Running processes follow within seconds;
    /// tokens that it signed are refused wherever the key set is read again.
    /// </summary>
    private static async Task<int> WithdrawKeyAsync(WebApplication app)
    {
        await app.Services.MigrateIfEmbeddedAsync();
        if (app.Configuration["kid"] is not { Length: > 0 } kid || !await app.Services.GetRequiredService<SigningKeys>().WithdrawAsync(kid, default))
        {
            await Console.Error.WriteLineAsync("--kid: the name of a key that is not withdrawn; the command keys lists them.");
            return 1;
        }

        Console.WriteLine($"withdrawn {kid}");
        return 0;
    }
}
