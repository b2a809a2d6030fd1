using System.Numerics;
using System.Runtime.CompilerServices;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>The median of the seven values around each place; the row is mirrored at its ends.</summary>
internal static class MedianFilter
{
    private const int Width = 7;
    private const int Half = Width / 2;

    public static void Smooth(ReadOnlySpan<float> row, Span<float> smooth)
    {
        if (row.Length <= Half)
        {
            row.CopyTo(smooth);
            return;
        }
        // The last vectors reach beyond the row. A row has at most 1500 places.
        Span<float> padded = stackalloc float[row.Length + 2 * Half + Vector<float>.Count];
        row.CopyTo(padded[Half..]);
        for (var i = 1; i <= Half; i++)
        {
            padded[Half - i] = row[i];
            padded[Half + row.Length - 1 + i] = row[row.Length - 1 - i];
        }
        Span<float> last = stackalloc float[Vector<float>.Count];
        for (var place = 0; place < row.Length; place += Vector<float>.Count)
        {
            var median = Median(ref padded[place]);
            if (place + Vector<float>.Count <= row.Length)
            {
                median.CopyTo(smooth[place..]);
            }
            else
            {
                median.CopyTo(last);
                last[..(row.Length - place)].CopyTo(smooth[place..]);
            }
        }
    }

    /// <summary>A sorting network, only as far as the middle needs (Devillard, "Fast median search").</summary>
    private static Vector<float> Median(ref float first)
    {
        var (a, b, c, d) = (At(ref first, 0), At(ref first, 1), At(ref first, 2), At(ref first, 3));
        var (e, f, g) = (At(ref first, 4), At(ref first, 5), At(ref first, 6));
        Sort(ref a, ref f);
        Sort(ref a, ref d);
        Sort(ref b, ref g);
        Sort(ref c, ref e);
        Sort(ref a, ref b);
        Sort(ref d, ref f);
        Sort(ref c, ref g);
        Sort(ref c, ref d);
        Sort(ref d, ref g);
        Sort(ref e, ref f);
        Sort(ref b, ref e);
        Sort(ref b, ref d);
        Sort(ref d, ref e);
        return d;
    }

    private static Vector<float> At(ref float first, int offset) => Vector.LoadUnsafe(ref first, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort(ref Vector<float> low, ref Vector<float> high) =>
        (low, high) = (Vector.MinNative(low, high), Vector.MaxNative(low, high));
}
