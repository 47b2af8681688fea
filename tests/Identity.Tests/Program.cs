using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Proofsheet.Identity.Tests;

/// <summary>Runs the tests, like the entry point that the test framework would otherwise generate; or, with <c>verify-jws</c>, verifies its input.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["verify-jws"])
        {
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            await VerifyJws.RunAsync(input, output, CancellationToken.None);
            return 0;
        }

        return args.Any(arg => arg is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
