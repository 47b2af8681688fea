using Proofsheet.Api.Imaging.Watermarks;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class LettersTests
{
    [Theory]
    [InlineData("© Anna & Björn, Łódź 2026")]
    [InlineData("Άννα Ώρα")]
    [InlineData("Анна Ґонґадзе")]
    [InlineData("Nguyễn Thị Ánh")]
    [InlineData("café")]
    [InlineData("Anna 📷 ✓")]
    public void What_the_fonts_here_have_can_be_written(string text) => Assert.Null(Letters.MissingIn(text));

    [Fact]
    public void A_letter_that_looks_like_a_box_is_none() => Assert.Null(Letters.MissingIn("□ ▯"));

    // Scripts for which hardly any machine has a font: Phags-pa, and Anatolian hieroglyphs, whose code points have six digits.
    [Theory]
    [InlineData("Anna \uA840\uA841", 0xA840)]
    [InlineData("\U00014400 Anna", 0x14400)]
    public void The_first_letter_without_a_font_is_told(string text, int letter) => Assert.Equal(letter, Letters.MissingIn(text)!.Value.Value);
}
