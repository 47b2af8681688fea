using System.Security.Cryptography;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Notifications;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Mail;
using Xunit;

namespace Proofsheet.Api.Tests.Commands;

/// <summary>What an operator asks before a master key is removed.</summary>
[Trait("Database", "Provider")]
public sealed class SealedValuesTests : IAsyncLifetime
{
    private readonly Outbound _mails = new() { Refusal = "The mail server answered with 550: no such mailbox" };
    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiHost.StartAsync(new(), services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(_mails)));

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Each_key_is_listed_with_the_values_that_it_sealed_in_rows_and_in_mails_that_may_be_sent_again()
    {
        var studio = await _api.StudioAsync();
        var gallery = await studio.GalleryAsync("204816");
        var client = (await studio.Api.PostAsync("/v1/clients", new { name = "Clara", emails = new[] { "clara@example.com" } }, idempotencyKey: "a-key-of-this-test")).ShouldBe(201)["id"];
        (await CountsAsync()).Should().Equal("1  1 values");

        (await studio.Api.PostAsync($"{gallery.Path}/invitations", new { clientId = client })).ShouldBe(201);
        await ApiHost.EventuallyAsync(
            async () => (await studio.Api.GetAsync("/v1/undelivered-mails")).ShouldBe(200).Body!["data"]!.AsArray().Count == 1, "the mail is refused");
        await _api.QuietAsync(studio.Id);
        (await CountsAsync()).Should().Equal("1  2 values");

        var next = $"2:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        var present = await File.ReadAllTextAsync(Path.Combine(_api.Folder, "master.keys"));
        (await CountsAsync($"{next}\n{present}")).Should().Equal("2  0 values", "1  2 values");
        (await CountsAsync(next)).Should().Equal("2  0 values", "1  2 values, which cannot be opened: the key is not configured");
    }

    private async Task<string[]> CountsAsync(string? keys = null)
    {
        var file = Path.Combine(_api.Folder, keys is null ? "master.keys" : "other.keys");
        if (keys is not null)
        {
            await File.WriteAllTextAsync(file, keys);
        }

        var ran = await _api.CommandAsync("sealed-values", $"--Keyring:File={file}");
        ran.Code.Should().Be(0, ran.Error);
        return [.. ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.Contains(" values", StringComparison.Ordinal))];
    }
}
