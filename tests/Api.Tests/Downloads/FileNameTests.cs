using System.Text;
using FluentAssertions;
using Proofsheet.Api.Archives;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("IMG_1.JPG", "image/jpeg", "IMG_1.JPG")]
    [InlineData("IMG_1.jpeg", "image/jpeg", "IMG_1.jpeg")]
    [InlineData("IMG_1.CR3", "image/jpeg", "IMG_1.jpg")]
    [InlineData("../../etc/passwd", "image/jpeg", "passwd.jpg")]
    [InlineData("C:\\Users\\x\\a.jpg", "image/jpeg", "a.jpg")]
    [InlineData("C:a.jpg", "image/jpeg", "C_a.jpg")]
    [InlineData("a\r\nSet-Cookie: x.jpg", "image/jpeg", "a__Set-Cookie_ x.jpg")]
    [InlineData("gpj.\u202eexe.jpg", "image/jpeg", "gpj._exe.jpg")]
    [InlineData("..", "image/jpeg", "photo.jpg")]
    [InlineData("", "image/jpeg", "photo.jpg")]
    [InlineData(".htaccess", "image/jpeg", "htaccess.jpg")]
    [InlineData("日本 ü.png", "image/png", "日本 ü.png")]
    [InlineData("u\u0308ber.png", "image/png", "über.png")]
    [InlineData("e\u0323\u0302 \u1112\u1161\u11ab \u304b\u3099.jpg", "image/jpeg", "ệ 한 が.jpg")]
    [InlineData("a\u0302\u0323.jpg", "image/jpeg", "\u1ead.jpg")]
    [InlineData("\U00011099\U000110BA.jpg", "image/jpeg", "\U0001109A.jpg")]
    [InlineData("\u0958.jpg", "image/jpeg", "\u0915\u093c.jpg")]
    [InlineData("🎉 👩‍❤️‍👨 𝒜.jpg", "image/jpeg", "🎉 👩‍❤️‍👨 𝒜.jpg")]
    [InlineData("CON", "image/jpeg", "_CON.jpg")]
    [InlineData("nul.tar.jpg", "image/jpeg", "_nul.tar.jpg")]
    [InlineData("COM1.jpg", "image/jpeg", "_COM1.jpg")]
    [InlineData("LPT³.jpg", "image/jpeg", "_LPT³.jpg")]
    [InlineData("CONTENT.jpg", "image/jpeg", "CONTENT.jpg")]
    [InlineData("a. . .", "image/jpeg", "a.jpg")]
    public void Names_are_names_and_end_as_their_content_is(string given, string type, string expected)
    {
        FileNames.Of(given, type).Should().Be(expected);
    }

    [Fact]
    public void Half_a_character_becomes_a_line_and_takes_nothing_with_it()
    {
        FileNames.Of("a\ud83cb.jpg", "image/jpeg").Should().Be("a_b.jpg");
    }

    [Theory]
    [InlineData("x", 300)]
    [InlineData("ü", 300)]
    [InlineData("日", 200)]
    [InlineData("👩‍❤️‍👨", 60)]
    public void Long_names_end_between_characters_keep_their_extension_and_fit_every_disk(string character, int count)
    {
        var name = FileNames.Of(string.Concat(Enumerable.Repeat(character, count)) + ".jpg", "image/jpeg");

        Encoding.UTF8.GetByteCount(name).Should().BeInRange(150, 255);
        name.Should().EndWith(".jpg");
        name[..^4].Replace(character, "", StringComparison.Ordinal).Should().BeEmpty("nothing is cut in two");
    }

    [Fact]
    public void Equal_names_become_different_ones()
    {
        FileNames.Distinct(["a.jpg", "A.jpg", "a (2).jpg", "b.jpg", "a.jpg"]).Should().Equal("a.jpg", "A (2).jpg", "a (2) (2).jpg", "b.jpg", "a (3).jpg");
    }

    [Fact]
    public void Seventy_thousand_equal_names_of_the_longest_kind_become_different_ones_that_still_fit()
    {
        var longest = FileNames.Of(new string('x', 400) + ".jpg", "image/jpeg");

        var names = FileNames.Distinct(Enumerable.Repeat(longest, 70_000));

        names.Should().OnlyHaveUniqueItems().And.OnlyContain(n => n.Length <= 255);
    }

    [Fact]
    public void Sections_are_folders_and_no_two_paths_meet()
    {
        var paths = new ArchivePaths();
        var (ceremony, second, tricky) = (new object(), new object(), new object());

        paths.Add(null, "", "a.jpg").Should().Be("a.jpg");
        paths.Add(ceremony, "Ceremony", "a.jpg").Should().Be("Ceremony/a.jpg");
        paths.Add(ceremony, "Ceremony", "A.JPG").Should().Be("Ceremony/A (2).JPG");
        paths.Add(second, "ceremony", "a.jpg").Should().Be("ceremony (2)/a.jpg");
        paths.Add(tricky, "../../..\\x", "a.jpg").Should().Be("_.._.._x/a.jpg");
        paths.Add(null, "", "Ceremony").Should().Be("Ceremony (3)");
        paths.Add(new object(), "/", "b.jpg").Should().Be("_/b.jpg");
        paths.Add(new object(), " . ", "b.jpg").Should().Be("folder/b.jpg");
        paths.Add(new object(), "AUX", "b.jpg").Should().Be("_AUX/b.jpg");
    }
}
