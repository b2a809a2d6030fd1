using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper.Live;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Live;

/// <summary>The engine's events in the contract's terms.</summary>
internal static class LiveMapper
{
    public static Wire.LiveUpdate Map(WordsHeard heard, bool omitsTentative)
    {
        var update = new Wire.LiveUpdate { UtteranceIndex = heard.Utterance, LanguageCode = heard.Language };
        update.Words.Add(heard.Words.Select(Map));
        if (!omitsTentative)
        {
            (update.TentativeText, update.Stability) = (heard.Tentative, heard.Stability);
        }

        return update;
    }

    public static Wire.LiveWord Map(LiveWord word) => new()
    {
        Text = word.Text,
        StartOffset = word.Start.ToDuration(),
        WordDuration = word.Duration.ToDuration(),
        Confidence = word.Probability,
    };

    /// <param name="ended">The engine's event.</param>
    /// <param name="position">Byte from which a stream goes on at its checkpoint.</param>
    /// <param name="offset">The checkpoint's place as time.</param>
    public static Wire.LiveFinal Map(UtteranceEnded ended, long position, TimeSpan offset) => new()
    {
        Segment = SegmentMapper.Map(ended.Segment, speller: null),
        Reason = ReasonOf(ended.Reason),
        Checkpoint = new Wire.LiveCheckpoint
        {
            Position = position,
            Offset = offset.ToDuration(),
            UtteranceCount = ended.Checkpoint.Utterances,
            Context = ended.Checkpoint.Context,
            LanguageCode = ended.Checkpoint.Language ?? "",
            SpeechDuration = ended.Checkpoint.Speech.ToDuration(),
            DoubtedLanguageCode = ended.Checkpoint.Doubt?.Language ?? "",
            DoubtedUtteranceCount = ended.Checkpoint.Doubt?.Utterances ?? 0,
        },
    };

    private static Wire.EndpointReason ReasonOf(EndpointReason reason) => reason switch
    {
        EndpointReason.Pause => Wire.EndpointReason.Pause,
        EndpointReason.Commit => Wire.EndpointReason.Commit,
        EndpointReason.MaximumDuration => Wire.EndpointReason.MaximumDuration,
        EndpointReason.EndOfAudio => Wire.EndpointReason.EndOfAudio,
        EndpointReason.Clear => Wire.EndpointReason.Clear,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no such reason."),
    };
}
