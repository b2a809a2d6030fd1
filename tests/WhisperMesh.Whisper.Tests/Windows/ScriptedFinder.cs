using WhisperMesh.Audio;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Tests.Windows;

/// <summary>Finds the speech it was told of, each span as soon as it has ended.</summary>
internal sealed class ScriptedFinder(IEnumerable<SpeechSpan> spans) : ISpeechFinder
{
    private readonly Queue<SpeechSpan> _ahead = new(spans);
    private long _received;

    public long SettledUntil => _ahead.TryPeek(out var next) ? Math.Min(next.Start, _received) : _received;

    public IReadOnlyList<SpeechSpan> Add(ReadOnlySpan<float> samples)
    {
        _received += samples.Length;
        return TakeWhile(span => span.End <= _received);
    }

    public IReadOnlyList<SpeechSpan> Complete() => TakeWhile(_ => true);

    private List<SpeechSpan> TakeWhile(Func<SpeechSpan, bool> condition)
    {
        var taken = new List<SpeechSpan>();
        while (_ahead.TryPeek(out var next) && condition(next))
        {
            taken.Add(_ahead.Dequeue());
        }
        return taken;
    }
}
