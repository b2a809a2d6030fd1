using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Windows;

/// <summary>Finds speech in one stream: the voice activity model, or a script in tests.</summary>
internal interface ISpeechFinder
{
    /// <summary>All speech that starts before this place has been given; when it lags, speech goes on from there.</summary>
    long SettledUntil { get; }

    /// <summary>Hears more of the stream; gives the spans that have ended, valid until the next call.</summary>
    IReadOnlyList<SpeechSpan> Add(ReadOnlySpan<float> samples);

    /// <summary>The stream is over; gives the last spans.</summary>
    IReadOnlyList<SpeechSpan> Complete();
}
