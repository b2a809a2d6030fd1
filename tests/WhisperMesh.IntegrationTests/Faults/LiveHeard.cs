using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>What a client of one live stream was told, and what it does to the mesh on the way.</summary>
internal sealed class LiveHeard
{
    internal static readonly AudioFormat Format = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 };

    private const int BytesPerSecond = 32_000;
    private const int HeaderBytes = 44;

    // A tenth of a second.
    private const int ChunkBytes = BytesPerSecond / 10;

    private LiveHeard()
    {
    }

    internal List<StreamLiveResponse> Events { get; } = [];

    internal IReadOnlyList<LiveWord> Words => [.. Events.SelectMany(e => e.Update?.Words ?? [])];

    internal string Text => string.Concat(Words.Select(word => word.Text)).Trim();

    internal IReadOnlyList<LiveFinal> Finals => [.. Events.Select(e => e.Final).OfType<LiveFinal>()];

    internal LiveSummary Summary => Events[^1].Summary;

    /// <summary>Worker that has the stream now.</summary>
    internal string WorkerId => Events
        .Select(e => e.Started?.WorkerId ?? e.Status?.WorkerId ?? "").Last(id => id.Length > 0);

    internal string Notes => string.Join('\n', Events.Select(e => e.Status?.Message).Where(message => !string.IsNullOrEmpty(message)));

    /// <summary>So long a talk of several people, with a pause after each: samples without a header.</summary>
    internal static byte[] Talk(int minimumSeconds)
    {
        using var talk = new MemoryStream();
        for (var i = 0; talk.Length < (long)minimumSeconds * BytesPerSecond; i = (i + 1) % Recordings.English.Count)
        {
            talk.Write(File.ReadAllBytes(Recordings.English[i].Path).AsSpan(HeaderBytes));
            talk.Write(new byte[BytesPerSecond * 3 / 2]);
        }

        return talk.ToArray();
    }

    /// <summary>Sends a talk and reads what comes of it.</summary>
    /// <param name="client">Through whom.</param>
    /// <param name="audio">The talk.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="pace">How many times faster than it is spoken; 0: as fast as it is taken.</param>
    /// <param name="inMidSentence">Done once, when so many words are committed and their utterance goes on.</param>
    /// <param name="words">How many.</param>
    /// <param name="whenSentAsync">Called after each tenth of a second of audio, with what was sent.</param>
    internal static async Task<LiveHeard> HearAsync(
        WhisperMeshClient client,
        byte[] audio,
        LiveOptions options,
        double pace = 2,
        Func<LiveHeard, Task>? inMidSentence = null,
        int words = 20,
        Func<int, Task>? whenSentAsync = null)
    {
        var token = TestContext.Current.CancellationToken;
        var heard = new LiveHeard();
        await using var live = await client.OpenLiveAsync(options, token);
        var sending = SendAsync(live, audio, pace, whenSentAsync, token);
        await foreach (var message in live.ReadAsync(token))
        {
            heard.Events.Add(message);
            if (inMidSentence is not null && message.Update is { Words.Count: > 0 } && heard.Words.Count >= words)
            {
                var act = inMidSentence;
                inMidSentence = null;
                await act(heard);
            }
        }

        await sending;
        inMidSentence.ShouldBeNull("The talk was over before its middle.");
        return heard;
    }

    /// <summary>Nothing that was committed was changed, told twice or left out of its utterance.</summary>
    internal void ShouldBeWhole(byte[] audio)
    {
        Events.Select(e => e.EventNumber).ShouldBe(Enumerable.Range(1, Events.Count).Select(number => (long)number));
        Finals.Select(final => final.Segment.Index).ShouldBe(Enumerable.Range(0, Finals.Count));
        string.Join(" ", Finals.SelectMany(final => final.Segment.Words).Select(word => word.Text)).ShouldBe(Text);
        Words.Select(word => word.StartOffset.ToTimeSpan()).ShouldBeInOrder();
        Summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBe(audio.Length / (double)BytesPerSecond, 0.01);
        Events.ShouldAllBe(e => e.Status == null || e.Status.LostAudio == null);
    }

    private static async Task SendAsync(
        LiveTranscription live, byte[] audio, double pace, Func<int, Task>? whenSentAsync, CancellationToken cancellationToken)
    {
        using var timer = pace > 0 ? new PeriodicTimer(TimeSpan.FromSeconds(0.1 / pace)) : null;
        for (var at = 0; at < audio.Length; at += ChunkBytes)
        {
            await live.SendAsync(audio.AsMemory(at, Math.Min(ChunkBytes, audio.Length - at)), cancellationToken);
            await (whenSentAsync?.Invoke(at) ?? Task.CompletedTask);
            if (timer is not null)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }

        live.Complete();
    }
}
