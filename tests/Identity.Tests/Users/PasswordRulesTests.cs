using FluentAssertions;
using Proofsheet.Identity.Users.Passwords;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("Quartz-Violin-42-meadow")]
    [InlineData("Zürich+Olten=58 Minuten")]
    [InlineData("three Wide 7 rivers!")]
    public void Long_ones_of_four_classes_are_taken(string password) => PasswordRules.Errors(password, "anna@example.com", "Anna Example").Should().BeEmpty();

    [Theory]
    [InlineData("Short-1a", "at least 12")]
    [InlineData("alllower-1234-abc", "capital letters")]
    [InlineData("ALLUPPER-1234-ABC", "small letters")]
    [InlineData("NoDigits-here-at-all", "digits")]
    [InlineData("NoSignsHereAtAll42", "other signs")]
    [InlineData("Tab\there-is-42-inside", "control characters")]
    [InlineData("😀😀😀😀Aa1-", "at least 12")]
    public void What_is_missing_is_said(string password, string says) => PasswordRules.Errors(password).Should().Contain(e => e.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("Password123!")]
    [InlineData("P@ssw0rd1234!")]
    [InlineData("!!Dragon2024!!")]
    [InlineData("Qwertyuiop1!")]
    [InlineData("Tr0ub4dor&3!!1111")]
    [InlineData("Monkey!Monkey1!1")]
    [InlineData("5unsh1ne!!2026")]
    public void Common_ones_in_disguise_are_refused(string password)
    {
        var isKnown = CommonPasswords.Contains(password);

        // Two of these are not on the list, which shows that not everything is refused.
        isKnown.Should().Be(password is not ("Tr0ub4dor&3!!1111" or "Monkey!Monkey1!1"));
        PasswordRules.Errors(password).Any(e => e.Contains("many people", StringComparison.Ordinal)).Should().Be(isKnown);
    }

    [Theory]
    [InlineData("Rosalind-in-Zurich-58")]
    [InlineData("R0s4lind-in-Zurich-58")]
    [InlineData("with-franklin.1920-Aa")]
    [InlineData("Helix+Studio+2026+aa")]
    [InlineData("My-Pr00fsheet-2026")]
    public void Names_of_person_studio_and_product_are_refused(string password) =>
        PasswordRules.Errors(password, "rosalind.franklin@example.com", "Rosalind Franklin", "Helix Studio").Should().ContainSingle(e => e.Contains("your name", StringComparison.Ordinal));

    [Fact]
    public void Up_to_128_characters_are_taken_and_no_more()
    {
        var longest = string.Concat(Enumerable.Repeat("aB3-xyQ9", 16));

        PasswordRules.Errors(longest + "x").Should().ContainSingle(e => e.Contains("at most 128", StringComparison.Ordinal));
        PasswordRules.Errors("Kq7#" + longest[4..]).Should().BeEmpty();
    }

    [Fact]
    public void The_list_is_a_long_one() => CommonPasswords.Count.Should().BeGreaterThan(40_000);
}
