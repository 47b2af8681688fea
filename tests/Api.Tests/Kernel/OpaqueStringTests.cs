using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using FluentAssertions;
using Proofsheet.Api.Http;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Passwords;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

/// <summary>Passwords are compared as RFC 8265 says, for galleries as for accounts.</summary>
public sealed class OpaqueStringTests(ApiHost api)
{
    private const string Password = "Größe-café 12";

    // The examples of RFC 8265 section 4.3, and what this API sees besides.
    [Theory]
    [InlineData("correct horse battery staple", "correct horse battery staple")]
    [InlineData("Correct Horse Battery Staple", "Correct Horse Battery Staple")]
    [InlineData("\u03C0\u00DF\u00E5", "\u03C0\u00DF\u00E5")]
    [InlineData("Jack of \u2666s", "Jack of \u2666s")]
    [InlineData("foo\u1680bar", "foo bar")]
    [InlineData("a\u00A0b\u2003c\u3000d", "a b c d")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\uFF41", "\uFF41")]
    [InlineData("\U0001F600", "\U0001F600")]
    public void A_password_is_composed_and_has_one_kind_of_space(string typed, string compared)
    {
        OpaqueString.Of(typed).Should().Be(compared);
        OpaqueString.Of(compared).Should().Be(compared);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_text_too() => OpaqueString.Of("a\uD800b").Should().Be("a\uFFFDb");

    [Fact]
    public async Task A_gallery_opens_however_the_keyboard_composes_and_case_counts()
    {
        var studio = await api.StudioAsync();
        foreach (var set in (NormalizationForm[])[NormalizationForm.FormC, NormalizationForm.FormD])
        {
            var gallery = await studio.GalleryAsync(title: $"By {set}", more: new { requires = "password", password = Password.Normalize(set), isListed = false });

            (await gallery.UnlockAsync(new { password = Password.Normalize(NormalizationForm.FormC) })).ShouldBe(200);
            (await gallery.UnlockAsync(new { password = Password.Normalize(NormalizationForm.FormD) })).ShouldBe(200);
            (await gallery.UnlockAsync(new { password = Password.Replace(' ', '\u00A0') })).ShouldBe(200);
            (await gallery.UnlockAsync(new { password = Password.ToUpperInvariant() })).ShouldBeProblem(403, "wrong_password");
            (await gallery.UnlockAsync(new { password = "" })).ShouldBeProblem(422, "password_required");
            (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "password", password = "éclair-ö".Normalize(set) })).ShouldBe(200);
            (await gallery.UnlockAsync(new { password = "éclair-ö" })).ShouldBe(200);
        }
    }

    [Theory]
    [InlineData("e\u0301e\u0301e\u0301e\u0301", 400)] // Four letters.
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", 201)]
    public async Task A_length_is_that_of_the_composed_password(string password, int status)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", requires = "password", password })).ShouldBe(status);
        var longest = string.Concat(Enumerable.Repeat("e\u0301", 128));
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", requires = "password", password = longest })).ShouldBe(201);
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", requires = "password", password = longest + "e" })).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public void Every_password_that_a_request_holds_is_prepared()
    {
        var passwords = typeof(PasswordTextAttribute).Assembly.GetTypes().SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => p.PropertyType == typeof(string) && p.Name.EndsWith("Password", StringComparison.Ordinal) && p.IsDefined(typeof(StringLengthAttribute)))
            .ToList();

        passwords.Should().HaveCountGreaterThanOrEqualTo(3);
        passwords.Where(p => !p.IsDefined(typeof(PasswordTextAttribute))).Select(p => $"{p.DeclaringType!.Name}.{p.Name}").Should().BeEmpty();
    }
}
