namespace WhisperMesh.Whisper.Decoding;

/// <summary>Decides what a decoding is worth: whether to try again, and what to say about it. Immutable and thread-safe.</summary>
internal sealed class QualityJudge(DecodingThresholds thresholds)
{
    // A language that the model all but rules out; a guess of a third each, as for short prompts, says nothing.
    private const float Unlikely = 0.1f;

    // Half of the shortest "thank you": less voice than this is a breath or a click.
    private const double LittleVoiceSeconds = 0.2;

    /// <summary>The text repeats itself, or went on past what the speech can hold.</summary>
    public bool IsLoop(RecognizedText text) =>
        !text.Text.EndedByModel || text.Text.Repeats || text.CompressionRatio > thresholds.CompressionRatio;

    /// <summary>The model itself finds the text unlikely.</summary>
    public bool IsDoubtful(RecognizedText text) => text.Text.AverageLogProbability < thresholds.LogProbability;

    /// <summary>Nobody spoke: the no-speech test of the Whisper paper, which only counts when the text is doubtful too.</summary>
    public bool IsSilence(RecognizedText text) => text.Text.NoSpeechProbability > thresholds.NoSpeech && IsDoubtful(text);

    /// <summary>Decoding should be tried again.</summary>
    public bool IsRejected(RecognizedText text) => !IsSilence(text) && (IsLoop(text) || IsDoubtful(text));

    /// <summary>Whether a segment is a phrase made up in silence, and there is little to show that it was said after all.</summary>
    public bool IsMadeUp(SegmentEvidence segment) => SilencePhrases.Find(segment.Text) is not null && IsWeak(segment);

    /// <summary>What to say about a segment that is kept.</summary>
    public SegmentVerdict Judge(RecognizedText window, SegmentEvidence segment)
    {
        if (IsLoop(window))
        {
            return SegmentVerdict.SuspectedLoop;
        }
        if (window.Text.NoSpeechProbability > thresholds.NoSpeech || SilencePhrases.Find(segment.Text) == SilencePhrase.Credit)
        {
            return SegmentVerdict.SuspectedSilence;
        }
        if (segment.AverageLogProbability < thresholds.LogProbability)
        {
            return SegmentVerdict.LowConfidence;
        }
        return IsOtherLanguage(segment) ? SegmentVerdict.LanguageMismatch : SegmentVerdict.Ok;
    }

    private bool IsWeak(SegmentEvidence segment) =>
        segment.NoSpeechProbability > thresholds.PhraseNoSpeech
        || segment.AverageLogProbability < thresholds.PhraseLogProbability
        || segment.VoicedSeconds < LittleVoiceSeconds;

    private bool IsOtherLanguage(SegmentEvidence segment)
    {
        var (own, other) = (1f, 0f);
        foreach (var heard in segment.Heard ?? [])
        {
            if (heard.Language == segment.Language)
            {
                own = heard.Probability;
            }
            else
            {
                other = Math.Max(other, heard.Probability);
            }
        }
        return own < Unlikely && other > thresholds.OtherLanguage;
    }
}

/// <summary>What speaks for a segment and against it.</summary>
/// <param name="Text">All of it.</param>
/// <param name="AverageLogProbability">Of its own tokens.</param>
/// <param name="NoSpeechProbability">Of its window.</param>
/// <param name="Language">The one it was decoded as.</param>
/// <param name="VoicedSeconds">Voice found in its window; null when unknown.</param>
/// <param name="Heard">What the window's speech sounds like; null when unknown.</param>
internal readonly record struct SegmentEvidence(
    string Text,
    float AverageLogProbability,
    float NoSpeechProbability,
    string Language,
    double? VoicedSeconds = null,
    IReadOnlyList<LanguageProbability>? Heard = null);
