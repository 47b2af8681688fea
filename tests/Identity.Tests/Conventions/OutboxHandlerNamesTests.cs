using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Identity.Tests.Conventions;

/// <summary>Messages waiting in a database name their handler, so the names are listed here and do not follow the classes.</summary>
public sealed class OutboxHandlerNamesTests(IdentityHost host)
{
    [Fact]
    public void Names_are_those_that_stored_messages_hold() =>
        host.Services.GetServices<OutboxHandler>().Select(h => $"{h.Name} <- {h.Event}").Order(StringComparer.Ordinal).Should().Equal(
            "mail.account_mail <- mail.wanted",
            "protocol.back_channel_logout <- identity.back_channel_logout",
            "protocol.push_security_event <- identity.security_event",
            "users.confirmation_mail <- users.confirmation_wanted",
            "users.password_reset_mail <- users.password_forgotten");

    [Fact]
    public void Every_event_is_known_because_messages_of_others_are_never_done() =>
        OutboxEventNames.In(typeof(AuthorityOptions).Assembly).Should().HaveCountGreaterThan(3).And.BeSubsetOf(host.Services.GetRequiredService<OutboxHandlers>().Events);
}
