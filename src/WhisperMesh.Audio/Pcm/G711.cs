namespace WhisperMesh.Audio.Pcm;

/// <summary>The 256 values of each G.711 law (ITU-T G.711), as floats with full scale at 32768.</summary>
internal static class G711
{
    public static readonly float[] ALaw = BuildTable(DecodeALaw);
    public static readonly float[] MuLaw = BuildTable(DecodeMuLaw);

    private static float[] BuildTable(Func<int, int> decode)
    {
        var table = new float[256];
        for (var code = 0; code < table.Length; code++)
        {
            table[code] = decode(code) / 32768f;
        }

        return table;
    }

    private static int DecodeALaw(int code)
    {
        code ^= 0x55;
        var exponent = (code >> 4) & 7;
        var magnitude = ((code & 15) << 4) + 8;
        if (exponent > 0)
        {
            magnitude = (magnitude + 256) << (exponent - 1);
        }

        return (code & 0x80) != 0 ? magnitude : -magnitude;
    }

    private static int DecodeMuLaw(int code)
    {
        const int Bias = 0x84;
        code = ~code & 0xFF;
        var magnitude = ((((code & 15) << 3) + Bias) << ((code >> 4) & 7)) - Bias;
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
