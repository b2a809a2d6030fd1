namespace WhisperMesh.Whisper.Decoding;

/// <summary>Writes what the decoder is told before the text: keywords, the caller's prompt, the text before; language and task.</summary>
internal sealed class PromptBuilder(WhisperModel model, TranscriptionRequest request)
{
    /// <summary>Most tokens before the text: with their mark they may fill half of the positions.</summary>
    public const int MaxPrevious = 223;

    // Keywords leave at least as much room for what they stand before.
    private const int MaxKeywordTokens = MaxPrevious / 2;

    private readonly (int[] Tokens, string[] LeftOut) _keywords = Keywords(model, request.Keywords);
    private readonly int[] _prompt = string.IsNullOrWhiteSpace(request.Prompt)
        ? []
        : model.Tokenizer.Encode(" " + request.Prompt.Trim());

    /// <summary>What the caller should know: which keywords found no room, and whether the prompt's beginning did.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        if (_keywords.LeftOut.Length > 0)
        {
            warnings.Add($"Not all keywords fit into the model's prompt; left out: {string.Join(", ", _keywords.LeftOut)}.");
        }
        if (_prompt.Length > MaxPrevious - _keywords.Tokens.Length)
        {
            warnings.Add($"The prompt is longer than the model takes; only its last {MaxPrevious - _keywords.Tokens.Length} tokens count.");
        }
        return warnings;
    }

    /// <summary>The token of the task.</summary>
    public int Mode { get; } = request.Translate ? model.Control.Translate : model.Control.Transcribe;

    public (IReadOnlyList<int> Tokens, int StartOfTranscript) Build(string language) => Build(language, []);

    /// <param name="language">Code of the speech's language.</param>
    /// <param name="carried">Tokens of the text before; see <see cref="CarriedContext"/>.</param>
    public (IReadOnlyList<int> Tokens, int StartOfTranscript) Build(string language, ReadOnlySpan<int> carried)
    {
        var control = model.Control;
        var room = MaxPrevious - _keywords.Tokens.Length;
        // The end of the prompt is what the speech follows on.
        carried = carried[Math.Max(0, carried.Length - room)..];
        var prompt = _prompt.AsSpan(Math.Max(0, _prompt.Length - (room - carried.Length)));
        var start = _keywords.Tokens.Length + prompt.Length + carried.Length;
        int[] mark = start == 0 ? [] : [control.StartOfPrevious];
        return (
            [.. mark, .. _keywords.Tokens, .. prompt, .. carried, control.StartOfTranscript, control.Languages[language], Mode],
            start + mark.Length);
    }

    /// <summary>A list as in running text, which is all that the model understands; a keyword that doesn't fit is left out whole.</summary>
    private static (int[] Tokens, string[] LeftOut) Keywords(WhisperModel model, IReadOnlyList<string> keywords)
    {
        var tokens = new List<int>();
        var leftOut = new List<string>();
        foreach (var keyword in keywords)
        {
            int[] next = model.Tokenizer.Encode((tokens.Count == 0 ? " " : ", ") + keyword.Trim());
            // One more for the full stop.
            if (tokens.Count + next.Length < MaxKeywordTokens)
            {
                tokens.AddRange(next);
            }
            else
            {
                leftOut.Add(keyword.Trim());
            }
        }
        return (tokens.Count == 0 ? [] : [.. tokens, .. model.Tokenizer.Encode(".")], [.. leftOut]);
    }
}
