using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Captions.Sharing;

/// <summary>A channel as Redis has it.</summary>
internal sealed record StoredChannel(StoredProducer Producer, CaptionLog Log);

/// <summary>Where a session stands, beside its captions: enough for another router to go on with it.</summary>
internal sealed record StoredProducer
{
    public required string Run { get; init; }

    public required string Session { get; init; }

    /// <summary>The channel's token for viewers.</summary>
    public required string View { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string State { get; init; }

    public string Language { get; init; } = "";

    public double Received { get; init; }

    public double Settled { get; init; }

    /// <summary>When the last caption goes; null: there is none.</summary>
    public double? LastEnd { get; init; }

    public double LastWordEnd { get; init; }

    /// <summary>Whether the next caption begins an utterance.</summary>
    public bool BeginsUtterance { get; init; }

    /// <summary>Committed words that are in no caption yet.</summary>
    public IReadOnlyList<StoredWord> Open { get; init; } = [];
}

internal sealed record StoredWord(string Text, double Start, double End)
{
    public static StoredWord Of(SpokenWord word) => new(word.Text, word.Start.TotalSeconds, word.End.TotalSeconds);

    public SpokenWord ToWord() => new(Text, TimeSpan.FromSeconds(Start), TimeSpan.FromSeconds(End));
}
