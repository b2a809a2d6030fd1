using System.Runtime.InteropServices;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// The text before a window, to be told to the model. A text that can't be trusted would lead the next one astray, so after it the
/// context starts anew. State of one channel: not thread-safe.
/// </summary>
internal sealed class CarriedContext(QualityJudge judge)
{
    /// <summary>As the Whisper authors: what took more heat than this is no example to follow.</summary>
    private const float HighestTemperature = 0.5f;

    private readonly List<int> _tokens = [];

    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Forgets it all.</summary>
    public void Clear() => _tokens.Clear();

    /// <summary>Takes in the next window's text.</summary>
    public void Add(RecognizedText text)
    {
        if (judge.IsSilence(text))
        {
            return;
        }
        if (text.Temperature > HighestTemperature || judge.IsRejected(text))
        {
            _tokens.Clear();
            return;
        }
        _tokens.AddRange(text.Text.Tokens);
        _tokens.RemoveRange(0, Math.Max(0, _tokens.Count - PromptBuilder.MaxPrevious));
    }
}
