using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Client.Tests;

/// <summary>What the tests of live streams have in common.</summary>
internal static class LiveStreams
{
    internal static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    internal static readonly LiveOptions Options = new()
    {
        AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sends the fake's audio in pieces and completes the stream.</summary>
    internal static async Task SendAllAsync(this LiveTranscription live, int bytes, int pieceBytes = 1000)
    {
        for (var position = 0; position < bytes; position += pieceBytes)
        {
            await live.SendAsync(FakeLiveSession.Audio(position, Math.Min(pieceBytes, bytes - position)), Token);
        }

        live.Complete();
    }

    /// <summary>Reads the stream to its end; each event is shown to <paramref name="onEvent"/> as it comes.</summary>
    internal static async Task<List<StreamLiveResponse>> ReadAllAsync(this LiveTranscription live, Func<StreamLiveResponse, Task>? onEvent = null)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(Bound);
        var events = new List<StreamLiveResponse>();
        await foreach (var message in live.ReadAsync(bound.Token))
        {
            events.Add(message);
            await (onEvent?.Invoke(message) ?? Task.CompletedTask);
        }

        return events;
    }

    internal static string Words(this IEnumerable<StreamLiveResponse> events) =>
        string.Concat(events.Where(message => message.Update is not null).SelectMany(message => message.Update.Words).Select(word => word.Text));

    internal static string Finals(this IEnumerable<StreamLiveResponse> events) =>
        string.Concat(events.Where(message => message.Final is not null).Select(message => $" {message.Final.Segment.Text}"));

    /// <summary>What the client tells of its connections.</summary>
    internal static IReadOnlyList<string> Statuses(this IEnumerable<StreamLiveResponse> events) =>
        [.. events.Where(message => message.Status?.Message.Length > 0).Select(message => message.Status.Message)];

    /// <summary>Everything was told once and in order, whatever happened to the connections.</summary>
    internal static void ShouldBeWhole(this IReadOnlyList<StreamLiveResponse> events, int bytes)
    {
        events.Words().ShouldBe(FakeLiveSession.TextOf(bytes));
        events.Finals().ShouldBe(FakeLiveSession.TextOf(bytes));
        events.Select(message => message.EventNumber).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));
        events[0].Started.ShouldNotBeNull();
        events.Count(message => message.Started is not null).ShouldBe(1);
        events[^1].Summary.ShouldNotBeNull();
        events.Where(message => message.SpeechStarted is not null).Select(message => message.SpeechStarted.UtteranceIndex).ShouldBeUnique();
        events.Where(message => message.SpeechEnded is not null).Select(message => message.SpeechEnded.UtteranceIndex).ShouldBeUnique();
        events.Select(message => message.Progress.AudioReceived?.ToTimeSpan() ?? TimeSpan.Zero).ShouldBeInOrder();
        events.Select(message => message.Progress.AcknowledgedPosition).ShouldBeInOrder();
    }
}
