using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Tests.Decoding;

/// <summary>Tokens laid out as Whisper's, but few: 20 words, the marks, 101 timestamps.</summary>
internal static class SmallVocabulary
{
    public const int Size = 132;

    public static readonly ControlTokens Control = new()
    {
        EndOfText = 20,
        StartOfTranscript = 21,
        StartOfPrevious = 26,
        Transcribe = 25,
        Translate = 24,
        NoTimestamps = 30,
        MaxInitialTimestampIndex = 50,
        Languages = new Dictionary<string, int> { ["en"] = 22 },
        Suppressed = [3, 27],
        SuppressedAtBegin = [5, 20],
    };

    public static float[] RandomLogits(Random random)
    {
        var logits = new float[Size];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = 6 * random.NextSingle();
        }
        return logits;
    }
}
