using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>
/// When each word of a run was seen. A word is first seen when it first stands, committed or not, where the utterance has it at the end.
/// </summary>
internal sealed class WordTimes
{
    private readonly List<WordTime> _words = [];
    private readonly List<TimeSpan> _firsts = [];

    private WordTimes()
    {
    }

    public IReadOnlyList<WordTime> Words => _words;

    /// <summary>For each utterance, from where its speech begins to its first text.</summary>
    public IReadOnlyList<TimeSpan> Firsts => _firsts;

    /// <summary>Words shown that another took the place of, or none.</summary>
    public int Changed { get; private set; }

    /// <summary>Words that were committed and are not so in the end.</summary>
    public int Broken { get; private set; }

    public static WordTimes Of(LiveRun run)
    {
        var times = new WordTimes();
        foreach (var final in run.Finals)
        {
            times.Add(run, final);
        }

        return times;
    }

    private void Add(LiveRun run, LiveFinal final)
    {
        var index = final.Segment.Index;
        var committed = new List<LiveWord>();
        string[] shown = [];
        var firstSeen = new Dictionary<int, LiveMoment>();
        var committedAt = new List<LiveMoment>();
        var said = SpokenWords(final.Segment.Text);
        LiveMoment? first = null;
        foreach (var moment in run.Events.Where(moment => moment.Message.Update is { } update && update.UtteranceIndex == index))
        {
            var update = moment.Message.Update;
            committed.AddRange(update.Words);
            string[] now = SpokenWords(string.Concat(committed.Select(word => word.Text)) + update.TentativeText);
            first ??= now.Length > 0 ? moment : null;
            Changed += shown.Where((word, at) => at >= now.Length || now[at] != word).Count();
            shown = now;
            for (var at = 0; at < Math.Min(now.Length, said.Length); at++)
            {
                if (now[at] == said[at])
                {
                    firstSeen.TryAdd(at, moment);
                }
                else
                {
                    firstSeen.Remove(at);
                }
            }

            committedAt.AddRange(update.Words.Select(_ => moment));
        }

        Broken += Differences(committed, final);
        if (first is { } text)
        {
            _firsts.Add(run.Lag(SpeechStart(run, final), text));
        }

        var place = 0;
        foreach (var (word, at) in committed.Zip(committedAt))
        {
            var end = word.StartOffset.ToTimeSpan() + word.WordDuration.ToTimeSpan();
            var seen = firstSeen.TryGetValue(place, out var earlier) ? earlier : at;
            _words.Add(new WordTime(end, run.Lag(end, seen), run.Lag(end, at)));
            place += SpokenWords(word.Text).Length;
        }
    }

    /// <summary>Where the recording nearest to the utterance's start has its first sound; the utterance's own start where none is near.</summary>
    private static TimeSpan SpeechStart(LiveRun run, LiveFinal final)
    {
        var found = run.Events.Select(moment => moment.Message.SpeechStarted)
            .FirstOrDefault(started => started?.UtteranceIndex == final.Segment.Index)?.StartOffset.ToTimeSpan()
            ?? final.Segment.StartOffset.ToTimeSpan();
        var nearest = run.Talk.Parts.MinBy(part => (part.VoiceStart - found).Duration());
        return nearest is not null && (nearest.VoiceStart - found).Duration() < TimeSpan.FromSeconds(1) ? nearest.VoiceStart : found;
    }

    private static int Differences(List<LiveWord> committed, LiveFinal final)
    {
        string[] told = [.. committed.Select(word => word.Text.Trim())];
        string[] last = [.. final.Segment.Words.Select(word => word.Text)];
        return told.Zip(last).Count(pair => pair.First != pair.Second) + Math.Abs(told.Length - last.Length);
    }

    private static string[] SpokenWords(string text) => WordErrorRate.Words(text);
}

/// <summary>A committed word.</summary>
/// <param name="End">Where it ends on the stream.</param>
/// <param name="Seen">From there to when it was first seen.</param>
/// <param name="Committed">From there to when it was committed.</param>
internal readonly record struct WordTime(TimeSpan End, TimeSpan Seen, TimeSpan Committed);
