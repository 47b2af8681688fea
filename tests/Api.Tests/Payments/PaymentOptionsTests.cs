using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Payments;
using Xunit;

namespace Proofsheet.Api.Tests.Payments;

public sealed class PaymentOptionsTests
{
    [Theory]
    [InlineData("Payments:Provider", "Cash", "Payments:Provider is 'Cash'")]
    [InlineData("Payments:Simulator:Folder", " ", "Payments:Simulator:Folder is empty")]
    [InlineData("Payments:Simulator:LateSuccessDelay", "-00:00:01", "LateSuccessDelay lies between")]
    [InlineData("Payments:Simulator:PollInterval", "00:00:00", "PollInterval lies between")]
    [InlineData("Payments:Simulator:WebhookUrl", "ftp://example.com", "WebhookUrl is neither")]
    public void A_wrong_setting_is_named(string name, string value, string message) =>
        Refusal("Development", (name, value)).Should().Contain(message);

    [Fact]
    public void In_production_the_simulator_has_to_be_chosen_by_name()
    {
        Refusal("Production").Should().Contain("Payments:Provider is not set");
        Refusal("Production", ("Payments:Provider", "Simulator")).Should().BeNull();
        Refusal("Development").Should().BeNull();
    }

    private static string? Refusal(string environment, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value));
        builder.Services.AddPayments(builder.Configuration);
        using var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }
}
