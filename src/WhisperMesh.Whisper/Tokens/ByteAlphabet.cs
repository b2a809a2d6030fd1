namespace WhisperMesh.Whisper.Tokens;

/// <summary>GPT-2's printable alphabet: the vocabulary spells each of the 256 bytes as one visible character.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();
    private static readonly Dictionary<char, byte> Bytes =
        Characters.Select((character, value) => (character, value)).ToDictionary(p => p.character, p => (byte)p.value);

    public static string Spell(ReadOnlySpan<byte> bytes)
    {
        var spelled = new char[bytes.Length];
        for (var i = 0; i < spelled.Length; i++)
        {
            spelled[i] = Characters[bytes[i]];
        }
        return new string(spelled);
    }

    public static byte[] ToBytes(string spelled)
    {
        var bytes = new byte[spelled.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Bytes[spelled[i]];
        }
        return bytes;
    }

    private static char[] Build()
    {
        var characters = new char[256];
        var substitute = 256;
        for (var value = 0; value < characters.Length; value++)
        {
            var visible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = visible ? (char)value : (char)substitute++;
        }
        return characters;
    }
}
