using System.Globalization;
using System.Text;

namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>How much room text takes on a screen, counted in narrow characters as a reader sees them.</summary>
internal static class TextWidth
{
    // Unicode's East Asian wide and fullwidth blocks, and pictographs, which terminals and caption renderers draw as wide.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF),
        (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    // Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer, and those of Chinese and Japanese. Korean has spaces.
    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x303E), (0x3041, 0x312F), (0x31A0, 0x33FF),
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xF900, 0xFAFF), (0xFF00, 0xFF9F), (0x20000, 0x3FFFD),
    ];

    public static int Of(ReadOnlySpan<char> text)
    {
        var width = 0;
        while (text.Length > 0)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            width += OfGrapheme(text[..length]);
            text = text[length..];
        }

        return width;
    }

    public static int OfGrapheme(ReadOnlySpan<char> grapheme) => Contains(Wide, First(grapheme)) ? 2 : 1;

    /// <summary>Whether a line may break beside it without a space.</summary>
    public static bool IsUnspaced(ReadOnlySpan<char> grapheme) => Contains(Unspaced, First(grapheme));

    private static int First(ReadOnlySpan<char> grapheme)
    {
        Rune.DecodeFromUtf16(grapheme, out var rune, out _);
        return rune.Value;
    }

    private static bool Contains((int First, int Last)[] ranges, int value)
    {
        foreach (var (first, last) in ranges)
        {
            if (value <= last)
            {
                return value >= first;
            }
        }

        return false;
    }
}
