using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using Microsoft.Data.SqlClient;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Hosting;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

public sealed class GlobalizationTests
{
    [Fact]
    public async Task SQL_Servers_client_gets_as_far_as_asking_the_server()
    {
        // Nothing listens there. Without ICU the client throws NotSupportedException before it connects.
        await using var connection = new SqlConnection("Server=127.0.0.1,1;User Id=sa;Password=x;Encrypt=false;Connect Timeout=2;ConnectRetryCount=0");

        var open = () => connection.OpenAsync();

        await open.Should().ThrowAsync<SqlException>();
    }

    [Fact]
    public void Numbers_and_dates_do_not_follow_the_machines_language()
    {
        var (culture, shown, before) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture));
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de-DE");
            1.5.ToString(CultureInfo.CurrentCulture).Should().Be("1,5", "this process has ICU");

            Globalization.Begin().Should().BeTrue();

            CultureInfo.CurrentCulture.Should().Be(CultureInfo.InvariantCulture);
            CultureInfo.CurrentUICulture.Should().Be(CultureInfo.InvariantCulture);
            var elsewhere = "";
            var thread = new Thread(() => elsewhere = 1.5.ToString(CultureInfo.CurrentCulture));
            thread.Start();
            thread.Join();
            elsewhere.Should().Be("1.5");
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, shown);
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = before;
        }
    }

    [Theory]
    [InlineData("libicuuc.so", true)]
    [InlineData("libicuuc.so.72", true)]
    [InlineData("libicuuc.so.50", true)]
    [InlineData("libicuuc.so.100", true)]
    [InlineData("libicuuc.so.200", true)]
    [InlineData("libicuuc.so.49", false)]
    [InlineData("none", false)]
    public void ICU_is_found_under_the_names_that_the_runtime_looks_for(string installed, bool found) => Globalization.HasIcu(name => name == installed).Should().Be(found);

    [Fact]
    public async Task Without_ICU_a_program_ends_with_one_line_that_says_what_to_install()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Hiding ICU from a process needs root on Linux.");
        var library = File.ReadLines("/proc/self/maps").First(l => l.Contains("/libicuuc.so", StringComparison.Ordinal));
        var folder = Path.GetDirectoryName(library[library.IndexOf('/', StringComparison.Ordinal)..])!;
        const string Hide = "for f in \"$0\"/libicu*; do mount --bind /dev/null \"$f\" || exit 77; done; exec dotnet \"$1\"";
        var start = new ProcessStartInfo("unshare", ["--mount", "bash", "-c", Hide, folder, typeof(ProofsheetDb).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.SkipWhen(process.ExitCode == 77 || (await error).StartsWith("unshare:", StringComparison.Ordinal), "Mounting is not permitted here.");
        process.ExitCode.Should().Be(1, await error);
        (output + await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which.Should().Contain("apt-get install libicu72");
    }
}
