using System.ComponentModel.DataAnnotations;
using FluentAssertions;
using Proofsheet.Shared.Mail;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

public sealed class EmailAddressTests
{
    private static readonly string Local64 = new('a', 64);

    [Theory]
    [InlineData("client@example.com", "client@example.com")]
    [InlineData(" Client@Example.COM\t", "Client@example.com")]
    [InlineData("o'brien+photos@mail.example.co.uk", "o'brien+photos@mail.example.co.uk")]
    [InlineData("anna@müller.example", "anna@xn--mller-kva.example")]
    [InlineData("anna@MÜLLER.example", "anna@xn--mller-kva.example")]
    [InlineData("anna@XN--MLLER-KVA.example", "anna@xn--mller-kva.example")]
    [InlineData("anna@bücher.例え", "anna@xn--bcher-kva.xn--r8jz45g")]
    [InlineData("anna@пример.испытание", "anna@xn--e1afmkfd.xn--80akhbyknj4f")]
    [InlineData("c@123.example", "c@123.example")]
    public void What_mail_servers_take_is_accepted_in_one_spelling(string typed, string stored)
    {
        EmailAddress.TryRead(typed, out var address).Should().BeTrue();
        address.Should().Be(stored);
        EmailAddress.TryRead(stored, out var again).Should().BeTrue();
        again.Should().Be(stored);
        new EmailAttribute().IsValid(typed).Should().BeTrue();
    }

    [Theory]
    [InlineData("änna@example.com")]
    [InlineData("@example.com")]
    [InlineData("client@")]
    [InlineData("client")]
    [InlineData("client@localhost")]
    [InlineData("client@example.123")]
    [InlineData("client@127.0.0.1")]
    [InlineData(".a@example.com")]
    [InlineData("a.@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a@@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@exa mple.com")]
    [InlineData("a@-example.com")]
    [InlineData("a@example-.com")]
    [InlineData("a@ex_ample.com")]
    [InlineData("a@.example.com")]
    [InlineData("a@example..com")]
    [InlineData("a@example.com.")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@example.com:25")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("Anna <a@example.com>")]
    [InlineData("a@example.com,b@example.com")]
    [InlineData("a@example.com\r\nBcc: b@example.com")]
    [InlineData("a\r\n@example.com")]
    [InlineData("a@exam\0ple.com")]
    [InlineData("a@exam\u200dple\ud800.com")]
    [InlineData("a@example\u3000.com")]
    [InlineData("")]
    [InlineData("  ")]
    public void All_else_is_refused(string typed)
    {
        EmailAddress.TryRead(typed, out var address).Should().BeFalse();
        address.Should().BeNull();
        new EmailAttribute().IsValid(typed).Should().BeFalse();
    }

    [Fact]
    public void The_limits_are_64_characters_before_the_at_and_254_in_all_of_what_is_sent()
    {
        var domain = $"{new string('b', 63)}.{new string('c', 63)}.{new string('d', 57)}.com";
        EmailAddress.IsValid($"{Local64}@{domain}").Should().BeTrue();
        $"{Local64}@{domain}".Length.Should().Be(254);
        EmailAddress.IsValid($"{Local64}@{domain.Replace(".com", "d.com")}").Should().BeFalse();
        EmailAddress.IsValid($"a{Local64}@example.com").Should().BeFalse();
        EmailAddress.IsValid($"a@{new string('b', 64)}.com").Should().BeFalse();
        // Short as typed, but mail servers count the punycode.
        EmailAddress.IsValid($"{Local64}@{string.Join('.', Enumerable.Repeat("ü" + new string('x', 40), 4))}.com").Should().BeFalse();
        EmailAddress.IsValid(new string('a', 2_000_000) + "@example.com").Should().BeFalse();
    }

    [Fact]
    public void Nothing_is_no_error_since_fields_may_be_left_out()
    {
        new EmailAttribute().IsValid(null).Should().BeTrue();
        new EmailAttribute().IsValid(5).Should().BeFalse();
        EmailAddress.IsValid(null).Should().BeFalse();
        EmailAddress.Read(null).Should().BeNull();
        EmailAddress.Read(" ").Should().BeNull();
        new EmailAttribute().DataType.Should().Be(DataType.EmailAddress);
    }

    [Fact]
    public void Addresses_are_compared_without_case_and_in_punycode()
    {
        EmailAddress.Key("Anna@Müller.Example").Should().Be(EmailAddress.Key("anna@xn--mller-kva.example"));
        // An address from before this rule is compared unchanged.
        EmailAddress.Key(" Anna@localhost").Should().Be("anna@localhost");
    }

    [Theory]
    [InlineData("clara@example.com", "c•••@e•••.com")]
    [InlineData("anna.lindqvist@mail.example.co.uk", "a•••@m•••.uk")]
    [InlineData("c@x.example", "•••@•••.example")]
    [InlineData("anna@xn--mller-kva.example", "a•••@x•••.example")]
    public void A_masked_address_shows_the_first_letters_and_the_last_part_of_the_domain(string address, string masked) =>
        EmailAddress.Masked(address).Should().Be(masked);
}
