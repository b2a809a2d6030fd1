using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Tests.FakeMesh;

/// <summary>
/// A live stream that hears a word in each 320 bytes and ends an utterance after ten, or at a commit. A word says its number, and
/// "lost" where the bytes are not those of <see cref="AudioAt"/>: so text proves that all audio came, once and in order.
/// </summary>
internal sealed class FakeLiveSession
{
    internal const int WordBytes = 320;
    private const int WordsInUtterance = 10;
    private const int BytesPerSecond = 32000;

    private readonly Lock _gate = new();
    private readonly List<StreamLiveResponse> _log = [];
    private readonly List<LiveWord> _open = [];
    private readonly byte[] _word = new byte[WordBytes];
    private readonly int _given;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveCheckpoint _checkpoint;
    private bool _completed;

    internal FakeLiveSession(LiveConfig config)
    {
        _checkpoint = config.Resume?.Checkpoint ?? new LiveCheckpoint();
        _given = config.Resume?.Words.Count ?? 0;
        Received = _checkpoint.Position;
        Tell(new() { Started = Started(resumed: config.Resume is not null) });
    }

    internal string Token { get; } = Guid.NewGuid().ToString("N");

    internal long Received { get; private set; }

    internal static byte AudioAt(long position) => (byte)((position * 2654435761L) >> 13);

    internal static byte[] Audio(long start, int length) => [.. Enumerable.Range(0, length).Select(i => AudioAt(start + i))];

    internal static string TextOf(long bytes) => string.Concat(Enumerable.Range(0, (int)(bytes / WordBytes)).Select(number => $" w{number}"));

    internal LiveStarted Started(bool resumed) => new()
    {
        RequestId = "live-1",
        WorkerId = "w1",
        Model = "whisper-base",
        ResumeToken = Token,
        Resumed = resumed,
        Position = Received,
    };

    internal void Take(StreamLiveRequest message)
    {
        lock (_gate)
        {
            switch (message.PayloadCase)
            {
                case StreamLiveRequest.PayloadOneofCase.Audio:
                    Hear(message.Audio);
                    break;
                case StreamLiveRequest.PayloadOneofCase.Commit:
                    End(EndpointReason.Commit);
                    break;
                case StreamLiveRequest.PayloadOneofCase.Clear:
                    End(EndpointReason.Clear);
                    break;
            }
        }
    }

    internal void Complete()
    {
        lock (_gate)
        {
            if (!_completed)
            {
                _completed = true;
                End(EndpointReason.EndOfAudio);
                Tell(new() { Summary = new() { RequestId = "live-1", Model = "whisper-base", UtteranceCount = _checkpoint.UtteranceCount, LanguageCode = "en" } });
            }
        }
    }

    /// <summary>The events after a number, once there are any.</summary>
    internal async Task<IReadOnlyList<StreamLiveResponse>> AfterAsync(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_log.Count > number)
                {
                    return _log[(int)number..];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Hear(LiveAudio audio)
    {
        var skipped = audio.HasPosition ? (int)(Received - audio.Position) : 0;
        if (skipped < 0)
        {
            throw FakeMeshScript.Error(Grpc.Core.StatusCode.InvalidArgument, "FIELD_INVALID", "The audio leaves a gap.", "audio.position");
        }

        foreach (var value in audio.Data.Span[Math.Min(skipped, audio.Data.Length)..])
        {
            _word[Received % WordBytes] = value;
            if (++Received % WordBytes == 0)
            {
                HearWord();
            }
        }
    }

    private void HearWord()
    {
        var start = Received - WordBytes;
        if (_open.Count == 0)
        {
            Tell(new() { SpeechStarted = new() { UtteranceIndex = _checkpoint.UtteranceCount, StartOffset = Time(start) } });
        }

        var whole = _word.AsSpan().SequenceEqual(Audio(start, WordBytes));
        var word = new LiveWord { Text = whole ? $" w{start / WordBytes}" : " lost", StartOffset = Time(start), WordDuration = Time(WordBytes), Confidence = 1 };
        _open.Add(word);
        if (_open.Count > GivenNow)
        {
            Tell(new() { Update = new() { UtteranceIndex = _checkpoint.UtteranceCount, Words = { word }, TentativeText = " perhaps", LanguageCode = "en" } });
        }

        if (_open.Count == WordsInUtterance)
        {
            End(EndpointReason.Pause);
        }
    }

    /// <summary>Words that the client has of the first utterance here.</summary>
    private int GivenNow => _log.Any(message => message.Final is not null) ? 0 : _given;

    private void End(EndpointReason reason)
    {
        if (_open.Count == 0)
        {
            return;
        }

        var index = _checkpoint.UtteranceCount;
        if (reason == EndpointReason.Pause)
        {
            Tell(new() { SpeechEnded = new() { UtteranceIndex = index, EndOffset = Time(Received) } });
        }

        var segment = new TranscriptSegment
        {
            Index = index,
            Text = string.Concat(_open.Select(word => word.Text)).Trim(),
            StartOffset = _open[0].StartOffset,
            SegmentDuration = Time(_open.Count * WordBytes),
            LanguageCode = "en",
            Words = { _open.Select(word => new TranscriptWord { Text = word.Text.Trim(), StartOffset = word.StartOffset, WordDuration = word.WordDuration }) },
        };
        _open.Clear();
        _checkpoint = new LiveCheckpoint { Position = Received, Offset = Time(Received), UtteranceCount = index + 1, LanguageCode = "en" };
        Tell(new() { Final = new() { Segment = segment, Reason = reason, Checkpoint = _checkpoint } });
    }

    private void Tell(StreamLiveResponse message)
    {
        message.EventNumber = _log.Count + 1;
        message.Progress = new()
        {
            AudioReceived = Time(Received),
            AudioCommitted = Time(Received),
            ReceivedPosition = Received,
            AcknowledgedPosition = _checkpoint.Position,
        };
        _log.Add(message);
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private static Duration Time(long bytes) => Duration.FromTimeSpan(TimeSpan.FromSeconds((double)bytes / BytesPerSecond));
}
