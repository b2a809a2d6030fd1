using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>What is known of the utterance that is being spoken. Not thread-safe.</summary>
/// <param name="index">Counts the stream's utterances.</param>
/// <param name="start">Where its speech begins on the stream.</param>
/// <param name="given">What was told of it before the stream broke off.</param>
internal sealed class OpenUtterance(int index, long start, GivenWords given)
{
    private readonly List<HeardWord> _later = [];
    private readonly List<long> _voice = [];

    public int Index => index;

    public long Start { get; } = start;

    public LocalAgreement Agreement { get; } = new();

    /// <summary>The window that is heard; null in a pause whose words are all committed.</summary>
    public OpenWindow? Window { get; private set; }

    /// <summary>Committed text that the window no longer has.</summary>
    public string Before { get; set; } = "";

    /// <summary>Speech so far, with its short pauses, in samples.</summary>
    public long Length { get; private set; }

    /// <summary>Where the last voice ended.</summary>
    public long VoiceEnd { get; private set; } = start;

    /// <summary>Tentative text that was told last.</summary>
    public string Tentative { get; set; } = "";

    /// <summary>The last pass that was heard.</summary>
    public Hypothesis? LastPass { get; set; }

    /// <summary>Whether the pause that ends it has been told.</summary>
    public bool IsPauseTold { get; set; }

    /// <summary>All words that were told.</summary>
    public IEnumerable<HeardWord> Words => given.Words.Concat(_later);

    /// <summary>Where the last of them ends; null when there is none.</summary>
    public long? WordsEnd => _later.Count > 0 ? _later[^1].End : given.Words.Count > 0 ? given.End : null;

    /// <summary>Speech begins, at first or after a pause.</summary>
    /// <param name="window">The window that hears it.</param>
    /// <param name="from">Where it began.</param>
    /// <param name="position">What has been heard since.</param>
    public void Begin(OpenWindow window, long from, long position)
    {
        Window = window;
        for (var end = from + SileroVad.ChunkLength; end <= position; end += SileroVad.ChunkLength)
        {
            Add(isVoice: true, end);
        }
    }

    /// <summary>Takes in the chunk that ends here.</summary>
    public void Add(bool isVoice, long position)
    {
        if (isVoice)
        {
            _voice.Add(position - SileroVad.ChunkLength);
            VoiceEnd = position;
        }
        if (Window is not null)
        {
            Length += SileroVad.ChunkLength;
        }
    }

    /// <summary>Where chunks of voice begin between two places.</summary>
    public IReadOnlyList<long> VoiceBetween(long from, long to) => _voice.FindAll(chunk => chunk >= from && chunk < to);

    /// <summary>Takes words that were committed; gives those that are new.</summary>
    public IReadOnlyList<HeardWord> Commit(IReadOnlyList<HeardWord> committed)
    {
        var later = given.Later(committed);
        _later.AddRange(later);
        return later;
    }

    /// <summary>What may follow the words that were told.</summary>
    public string Open() => string.Concat(given.After(Agreement.Pending).Select(word => word.Text));

    /// <summary>The window is over.</summary>
    public void Close()
    {
        Leave(long.MaxValue);
        Window = null;
    }

    /// <summary>What lies before this place is in no window any more.</summary>
    public void Leave(long place)
    {
        Before += string.Concat(Agreement.InWindow.Where(word => word.Middle < place).Select(word => word.Text));
        Agreement.Trim(place);
    }
}
