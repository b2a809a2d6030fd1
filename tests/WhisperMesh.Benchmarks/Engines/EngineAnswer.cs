using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>An engine's text, and the time from asking to having it (loading the model left out).</summary>
internal sealed record EngineAnswer(string Text, TimeSpan Elapsed)
{
    /// <summary>What our own engine tells besides; null for a rival.</summary>
    public OwnReport? Report { get; init; }
}

/// <summary>What our engine tells of a request.</summary>
internal sealed record OwnReport(IReadOnlyList<TranscriptSegment> Segments, TimeSpan AudioDecoding, TranscriptionTimings Timings);
