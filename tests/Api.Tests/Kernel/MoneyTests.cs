using FluentAssertions;
using Proofsheet.Shared.Currencies;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

public sealed class MoneyTests
{
    [Fact]
    public void Parts_of_a_split_always_add_up_to_the_whole()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var whole = new Money(random.Next(0, 1_000_000), "EUR");
            var weights = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (long)random.Next(0, 5_000)).ToList();

            var parts = whole.Split(weights);

            parts.Sum(p => p.Amount).Should().Be(whole.Amount);
            parts.Should().HaveCount(weights.Count).And.OnlyContain(p => p.Amount >= 0);
        }
    }

    [Theory]
    [InlineData(250, 1000, 25)]
    [InlineData(25, 1000, 2)]
    [InlineData(35, 1000, 4)]
    [InlineData(15, 1000, 2)]
    public void A_share_is_rounded_half_to_even(long amount, int basisPoints, long expected) =>
        new Money(amount, "USD").Share(basisPoints).Amount.Should().Be(expected);

    [Theory]
    [InlineData(1299, "USD", "12.99 USD")]
    [InlineData(1299, "JPY", "1,299 JPY")]
    [InlineData(1299, "KWD", "1.299 KWD")]
    public void Amounts_are_told_with_the_currencys_digits(long amount, string currency, string text) =>
        new Money(amount, currency).ToString().Should().Be(text);

    [Fact]
    public void Two_currencies_do_not_add_up()
    {
        var add = () => new Money(1, "USD") + new Money(1, "EUR");

        add.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_overflow_is_refused_instead_of_wrapping()
    {
        var multiply = () => new Money(long.MaxValue / 2, "USD") * 3;

        multiply.Should().Throw<OverflowException>();
    }
}
