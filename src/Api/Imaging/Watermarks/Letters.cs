using System.Collections.Concurrent;
using System.Text;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>Which letters the available fonts have. A missing letter would be drawn as a box with the letter's number in it.</summary>
internal static class Letters
{
    // Beyond this, no font is guaranteed: the product's own has Latin letters, and many more.
    private const int LastLatin = 0x24F;

    // Code points of four and six digits that will never be letters (Unicode 23.7), so they are always drawn as a box.
    private static readonly Rune[] NoLetters = [new(0xFDD0), new(0x1FFFE)];
    private static readonly Lazy<Outline?[]> Boxes = new(() => [.. NoLetters.Select(Draw)]);

    // Stays small, because studios and visitors use few scripts. Fonts that are installed later are found after a restart.
    private static readonly ConcurrentDictionary<Rune, bool> Known = new();

    /// <summary>The first letter of a watermark's text that would be a box; null if all can be drawn.</summary>
    public static Rune? MissingIn(string text)
    {
        foreach (var rune in Lettering.Clean(text).EnumerateRunes())
        {
            if (rune.Value > LastLatin && !Known.GetOrAdd(rune, static r => Draw(r) is not { } drawn || !Boxes.Value.Contains(drawn)))
            {
                return rune;
            }
        }

        return null;
    }

    /// <summary>Null for a character that draws nothing by itself, such as a combining mark without its letter.</summary>
    private static Outline? Draw(Rune rune)
    {
        try
        {
            using var drawn = Lettering.Write(rune.ToString(), Lettering.TrialPoints);
            return Outline.Of(drawn.WriteToMemory<byte>(), drawn.Width, drawn.Height);
        }
        catch (WatermarkFontException)
        {
            return null;
        }
    }

    /// <summary>The size of the drawing and the pixels at its edge, which are those of a box for any number inside.</summary>
    private sealed record Outline(int Width, int Height, string Edge)
    {
        public static Outline Of(byte[] pixels, int width, int height)
        {
            var edge = new List<byte>(2 * (width + height));
            edge.AddRange(pixels.AsSpan(0, width));
            edge.AddRange(pixels.AsSpan((height - 1) * width, width));
            for (var row = 0; row < height; row++)
            {
                edge.Add(pixels[row * width]);
                edge.Add(pixels[(row * width) + width - 1]);
            }

            return new Outline(width, height, Convert.ToHexString([.. edge]));
        }
    }
}
