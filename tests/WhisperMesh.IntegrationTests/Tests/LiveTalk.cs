using System.Runtime.CompilerServices;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Recordings with pauses between, streamed through the .NET client.</summary>
internal sealed class LiveTalk(int recordings, LivePassClock clock)
{
    private const int HeaderBytes = 44;
    private const int BytesPerSecond = 32000;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    // As it is spoken it would take long; passes by need are given a quarter of that time.
    private static readonly TimeSpan PieceTime = TimeSpan.FromMilliseconds(25);

    private readonly byte[] _samples =
    [
        .. Recordings.English.Take(recordings)
            .SelectMany(recording => File.ReadAllBytes(recording.Path)[HeaderBytes..].Concat(new byte[BytesPerSecond + (BytesPerSecond / 5)])),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Streams it to the first of the routers that is there; each event is shown as it comes.</summary>
    internal async Task<LiveHearing> HearAsync(IReadOnlyList<Uri> routers, Func<StreamLiveResponse, Task>? onEvent = null)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(Bound);
        await using var client = new WhisperMeshClient(routers);
        var options = new LiveOptions
        {
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 },
            Language = "en",
            PassClock = clock,
        };
        var events = new List<StreamLiveResponse>();
        await foreach (var message in client.TranscribeLiveAsync(PiecesAsync(bound.Token), options, bound.Token))
        {
            events.Add(message);
            await (onEvent?.Invoke(message) ?? Task.CompletedTask);
        }

        return new LiveHearing(events);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var position = 0; position < _samples.Length; position += BytesPerSecond / 10)
        {
            if (clock == LivePassClock.Need)
            {
                await Task.Delay(PieceTime, cancellationToken);
            }

            yield return _samples.AsMemory(position, Math.Min(BytesPerSecond / 10, _samples.Length - position));
        }
    }
}

/// <summary>What came of a live stream.</summary>
internal sealed record LiveHearing(IReadOnlyList<StreamLiveResponse> Events)
{
    internal IReadOnlyList<string> Finals => [.. Events.Where(each => each.Final is not null).Select(each => each.Final.Segment.Text).Where(text => text.Length > 0)];

    internal string Text => string.Join(' ', Finals);

    /// <summary>The committed words as they came.</summary>
    internal string Words => string.Concat(Events.Where(each => each.Update is not null).SelectMany(each => each.Update.Words).Select(word => word.Text));

    internal IReadOnlyList<string> Statuses => [.. Events.Where(each => each.Status?.Message.Length > 0).Select(each => each.Status.Message)];

    /// <summary>One stream: numbered without a gap, from its start to its summary, each utterance told once, and finals that say what was committed.</summary>
    internal void ShouldBeOneStream()
    {
        Events.Select(each => each.EventNumber).ShouldBe(Enumerable.Range(1, Events.Count).Select(number => (long)number));
        Events[0].Started.ShouldNotBeNull();
        Events[^1].Summary.ShouldNotBeNull();
        Events.Where(each => each.Final is not null).Select(each => each.Final.Segment.Index).ShouldBeUnique();
        Events.Select(each => each.Progress.AudioCommitted?.ToTimeSpan() ?? TimeSpan.Zero).ShouldBeInOrder();
        Testing.WordErrorRate.Words(Words).ShouldBe(Testing.WordErrorRate.Words(Text), Words);
    }
}
