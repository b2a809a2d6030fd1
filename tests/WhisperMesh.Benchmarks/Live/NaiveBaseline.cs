using System.Diagnostics;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>
/// What captions are without a streaming policy: all that was said since the last pause is transcribed anew every second, as a file by
/// the same worker, and stands once the pause has lasted 0.8 s. It is told where speech begins and ends, better than any detector can.
/// </summary>
internal sealed class NaiveBaseline(WorkerProcess worker, string language)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan Prefix = TimeSpan.FromSeconds(0.5);

    private readonly List<double> _firsts = [];
    private readonly List<double> _seen = [];
    private readonly List<double> _committed = [];
    private readonly List<string> _texts = [];
    private TimeSpan _decoding;
    private int _changed;

    public double CommittedMedian => Statistics.Median(_committed);

    public double DecodingPerSecond(Talk talk) => _decoding / talk.Duration;

    public string Text => string.Join(' ', _texts);

    public async Task RunAsync(Talk talk, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        foreach (var utterance in Utterances(talk))
        {
            await HearAsync(talk, utterance, begin, cancellationToken);
        }
    }

    public void AddLags(ResultTable table, string name) => table.Add(
        name, At(_firsts, 0.5), At(_firsts, 0.95), At(_seen, 0.5), At(_seen, 0.95), At(_committed, 0.5), At(_committed, 0.95),
        _committed.Count, (double)_changed / Math.Max(1, _committed.Count));

    /// <summary>Recordings with less than the pause between them.</summary>
    private static IEnumerable<IReadOnlyList<SplicedClip>> Utterances(Talk talk)
    {
        var open = new List<SplicedClip>();
        foreach (var part in talk.Parts)
        {
            if (open.Count > 0 && part.VoiceStart - open[^1].VoiceEnd >= Pause)
            {
                yield return open.ToList();
                open.Clear();
            }

            open.Add(part);
        }

        yield return open;
    }

    private async Task HearAsync(Talk talk, IReadOnlyList<SplicedClip> parts, long begin, CancellationToken cancellationToken)
    {
        var start = parts[0].VoiceStart - Prefix;
        var end = parts[^1].VoiceEnd + Pause;
        var shown = new List<(TimeSpan At, string[] Words)>();
        for (var due = parts[0].VoiceStart + Interval; ; due = Max(due + Interval, Stopwatch.GetElapsedTime(begin)))
        {
            var place = due < end ? due : end;
            var wait = place - Stopwatch.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            var answer = await worker.TranscribeAsync(Slice(talk, start, place), language, RequestClass.Live, cancellationToken);
            _decoding += answer.Decoding;
            shown.Add((Stopwatch.GetElapsedTime(begin), WordErrorRate.Words(answer.Text)));
            if (place == end)
            {
                _texts.Add(answer.Text);
                break;
            }
        }

        Count(shown, parts);
    }

    private void Count(List<(TimeSpan At, string[] Words)> shown, IReadOnlyList<SplicedClip> parts)
    {
        var (committedAt, said) = shown[^1];
        if (shown.FirstOrDefault(pass => pass.Words.Length > 0) is { Words: not null } first)
        {
            _firsts.Add((first.At - parts[0].VoiceStart).TotalSeconds);
        }

        foreach (var (before, after) in shown.Zip(shown.Skip(1)))
        {
            _changed += before.Words.Where((word, at) => at >= after.Words.Length || after.Words[at] != word).Count();
        }

        var ends = WordEnds(parts, said.Length);
        for (var at = 0; at < said.Length; at++)
        {
            var stands = shown.FindLastIndex(pass => pass.Words.Length <= at || pass.Words[at] != said[at]) + 1;
            _seen.Add((shown[stands].At - ends[at]).TotalSeconds);
            _committed.Add((committedAt - ends[at]).TotalSeconds);
        }
    }

    /// <summary>Where words end, spread evenly over the voice: the file path was not asked for their places.</summary>
    private static TimeSpan[] WordEnds(IReadOnlyList<SplicedClip> parts, int count)
    {
        var counts = parts.Select(part => WordErrorRate.Words(part.Clip.Text).Length).ToList();
        TimeSpan[] ends =
        [
            .. parts.Zip(counts).SelectMany(pair => Enumerable.Range(1, pair.Second).Select(word =>
                pair.First.VoiceStart + ((pair.First.VoiceEnd - pair.First.VoiceStart) * word / pair.Second))),
        ];
        return [.. Enumerable.Range(0, count).Select(at => ends[Math.Min(at, ends.Length - 1)])];
    }

    private static ReadOnlyMemory<byte> Slice(Talk talk, TimeSpan start, TimeSpan end)
    {
        var (from, to) = (Place(start), Place(end));
        return talk.Audio[from..Math.Min(to, talk.Audio.Length)];

        static int Place(TimeSpan time) => Math.Max(0, (int)(time.TotalSeconds * Talk.BytesPerSecond)) & ~1;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static double At(List<double> values, double share) => values.Count == 0 ? double.NaN : Statistics.Percentile(values, share);
}
