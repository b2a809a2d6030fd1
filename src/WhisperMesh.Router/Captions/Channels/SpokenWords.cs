using WhisperMesh.Router.Captions.Shaping;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>The committed words of a session, each once: those of updates, and those that only the end of an utterance tells.</summary>
internal sealed class SpokenWords
{
    // Word times of a second hearing of the same audio differ by about as much.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    private TimeSpan? _known;
    private TimeSpan _last;
    private int _told;

    /// <summary>Words before this are known from another router; they may come again.</summary>
    public void GoOnFrom(TimeSpan known) => (_known, _last) = (known, known);

    public IEnumerable<SpokenWord> Of(LiveUpdate update)
    {
        _told += update.Words.Count;
        return Fresh(update.Words.Select(word => Word(word.Text, word.StartOffset.ToTimeSpan(), word.WordDuration.ToTimeSpan())));
    }

    public IEnumerable<SpokenWord> Of(LiveFinal final)
    {
        var words = final.Segment?.Words.Select(word => Word(Spaced(word.Text), word.StartOffset.ToTimeSpan(), word.WordDuration.ToTimeSpan())) ?? [];

        // Words told before the session came here are in the whole too; which, only their times say.
        var rest = _known is null ? words.Skip(_told) : words.Where(word => word.Start + Tolerance >= _last);
        _told = 0;
        var fresh = Fresh(rest);
        _known = null;
        return fresh;
    }

    private List<SpokenWord> Fresh(IEnumerable<SpokenWord> words)
    {
        List<SpokenWord> fresh = [.. words.Where(word => _known is not { } known || word.Start + Tolerance >= known)];
        if (fresh.Count > 0)
        {
            _last = fresh[^1].End;
        }

        return fresh;
    }

    // Words of a final come without the space that those of updates have.
    private static string Spaced(string text) => text.Length == 0 || TextWidth.IsUnspaced(text) ? text : " " + text;

    private static SpokenWord Word(string text, TimeSpan start, TimeSpan length) => new(text, start, start + length);
}
