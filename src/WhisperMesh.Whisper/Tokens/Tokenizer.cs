using System.Text;
using System.Text.RegularExpressions;

namespace WhisperMesh.Whisper.Tokens;

/// <summary>Byte-level BPE over the vocabulary of <c>tokenizer.json</c>. Immutable and thread-safe.</summary>
/// <remarks>
/// A pair may merge when its joined spelling is in the vocabulary, lowest token first, as Whisper's own tokenizer does. The file's
/// list of merges is left aside: it lacks the first one (space and t), which would split every " the".
/// </remarks>
internal sealed partial class Tokenizer
{
    private readonly byte[]?[] _bytes;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _tokens;

    /// <param name="vocabulary">The spelling of each ordinary token, in the byte alphabet; no control tokens.</param>
    public Tokenizer(IReadOnlyDictionary<string, int> vocabulary)
    {
        _bytes = new byte[vocabulary.Values.Max() + 1][];
        foreach (var (spelled, token) in vocabulary)
        {
            _bytes[token] = ByteAlphabet.ToBytes(spelled);
        }
        _tokens = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The bytes a token stands for; empty for control tokens and timestamps.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => (uint)token < (uint)_bytes.Length ? _bytes[token] : default;

    /// <summary>Text of the tokens. A character may span tokens, so decode whole runs, not token by token.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(tokens.Length * 4);
        foreach (var token in tokens)
        {
            bytes.AddRange(Bytes(token));
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Tokens of plain text; markup of control tokens in it is text like any other.</summary>
    public int[] Encode(string text)
    {
        var tokens = new List<int>();
        foreach (var piece in Pieces().EnumerateMatches(text))
        {
            Encode(text.AsSpan(piece.Index, piece.Length), tokens);
        }
        return [.. tokens];
    }

    private void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        ReadOnlySpan<char> spelled = ByteAlphabet.Spell(bytes);
        var ends = Enumerable.Range(1, spelled.Length).ToList();
        while (FindFirstMerge(spelled, ends) is { } index)
        {
            ends.RemoveAt(index);
        }
        var start = 0;
        foreach (var end in ends)
        {
            tokens.Add(_tokens[spelled[start..end]]);
            start = end;
        }
    }

    /// <summary>The part whose joining with the next gives the lowest token, or null when none can be joined.</summary>
    private int? FindFirstMerge(ReadOnlySpan<char> spelled, List<int> ends)
    {
        var lowest = int.MaxValue;
        int? found = null;
        var start = 0;
        for (var i = 0; i + 1 < ends.Count; i++)
        {
            if (_tokens.TryGetValue(spelled[start..ends[i + 1]], out var token) && token < lowest)
            {
                lowest = token;
                found = i;
            }
            start = ends[i];
        }
        return found;
    }

    // GPT-2's split before merging. Runs are bounded so that merging, quadratic in the piece, stays cheap for hostile prompts;
    // no word in the vocabulary is nearly as long.
    [GeneratedRegex(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}{1,200}| ?\p{N}{1,200}| ?[^\s\p{L}\p{N}]{1,200}|\s{1,200}(?!\S)|\s{1,200}",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
