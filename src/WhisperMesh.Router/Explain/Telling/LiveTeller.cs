using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Taking;

namespace WhisperMesh.Router.Explain.Telling;

/// <summary>Says what a live session has gone through.</summary>
internal static class LiveTeller
{
    public static LiveFacts Tell(LiveJourney live, Journey journey)
    {
        var facts = new LiveFacts
        {
            UtteranceCount = live.Utterances,
            PassCount = live.Summary?.PassCount ?? 0,
            Decoding = live.Summary?.Decoding,
            MeanLag = live.MeanLag.ToDuration(),
            LargestLag = live.LargestLag.ToDuration(),
            LargestLagAtOffset = live.LargestLagAt == 0 ? null : journey.Since(live.LargestLagAt).ToDuration(),
            ResumeCount = live.Resumes,
            LostAudio = live.LostAudio > TimeSpan.Zero ? live.LostAudio.ToDuration() : null,
            BusyCount = live.BusyCount,
        };
        facts.Notes.AddRange(live.Notes.Select(note => new LiveNote
        {
            StartOffset = journey.Since(note.At).ToDuration(),
            Message = note.Message,
        }));
        return facts;
    }
}
