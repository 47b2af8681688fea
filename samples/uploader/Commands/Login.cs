using Proofsheet.Uploader.Display;

namespace Proofsheet.Uploader.Commands;

/// <summary>Signs a user in with a code that they type on any device (RFC 8628).</summary>
internal static class Login
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellation)
    {
        var account = Account.Of(line);
        account.RequireApi();
        var device = account.SignIn();
        await device.SignInAsync((prompt, _) =>
        {
            Console.WriteLine($"Open {Shown.Text(prompt.VerificationAddress.AbsoluteUri)} on any device and type this code:");
            Console.WriteLine();
            Console.WriteLine($"    {Shown.Text(prompt.UserCode)}");
            Console.WriteLine();
            if (prompt.CompleteAddress is { } complete)
            {
                Console.WriteLine($"Or open {Shown.Text(complete.AbsoluteUri)}");
            }

            Console.WriteLine($"Waiting until {prompt.ExpiresAt.ToLocalTime():HH:mm} …");
            return Task.CompletedTask;
        }, cancellation);
        account.Keep();
        Console.WriteLine($"Signed in. The tokens are in {Account.TokensFile}, which you alone can read.");
        return ExitCode.Done;
    }
}

internal static class Logout
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellation)
    {
        if (!File.Exists(Account.TokensFile))
        {
            Console.WriteLine("Nobody is signed in.");
            return ExitCode.Done;
        }

        await Account.Of(line).SignIn().SignOutAsync(cancellation);
        Console.WriteLine("Signed out.");
        return ExitCode.Done;
    }
}
