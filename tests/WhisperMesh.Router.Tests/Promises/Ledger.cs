using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Promises;

/// <summary>A client that writes down what it asked and what it got, and holds it against the invariants I1 to I6.</summary>
internal sealed class Ledger(RouterHost router, params FakeWorker[] workers)
{
    /// <summary>By how much a call may outlive its deadline (I3), and what a busy test machine adds.</summary>
    private static readonly TimeSpan LateAllowed = TimeSpan.FromMilliseconds(250) + Numbers.Of(TimeSpan.FromMilliseconds(750), TimeSpan.Zero);

    private readonly ConcurrentQueue<LedgerEntry> _entries = [];
    private int _begun;

    public IReadOnlyCollection<LedgerEntry> Entries => _entries;

    public int Served => _entries.Count(entry => entry.Status == StatusCode.OK);

    public int Attempts => workers.Sum(worker => worker.Speech.Configs.Count);

    public IReadOnlyList<TimeSpan> Times => [.. _entries.Select(entry => entry.Elapsed).Order()];

    public async Task<LedgerEntry> SendAsync(TimeSpan? timeout = null, byte[]? audio = null)
    {
        Interlocked.Increment(ref _begun);
        var begin = Stopwatch.GetTimestamp();
        var events = new List<StreamTranscribeResponse>();
        var status = StatusCode.OK;
        try
        {
            using var call = router.Transcription.StreamTranscribe(
                deadline: timeout is { } time ? TimeProvider.System.GetUtcNow().UtcDateTime + time : null,
                cancellationToken: TestContext.Current.CancellationToken);
            await WriteAsync(call.RequestStream, audio ?? [1, 2, 3]);
            await foreach (var message in call.ResponseStream.ReadAllAsync(CancellationToken.None))
            {
                events.Add(message);
            }
        }
        catch (RpcException e)
        {
            status = e.StatusCode;
        }

        var entry = new LedgerEntry(status, events, Stopwatch.GetElapsedTime(begin), timeout);
        _entries.Enqueue(entry);
        return entry;
    }

    public Task<LedgerEntry[]> SendAsync(int count, TimeSpan? timeout = null) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => SendAsync(timeout))).Bounded();

    /// <summary>Checks the invariants that hold whatever went wrong.</summary>
    /// <param name="mostAttempts">Attempts for each request at most (I4).</param>
    public async Task CheckAsync(double mostAttempts = 1.2)
    {
        _entries.Count.ShouldBe(_begun, "I1: each request ended");
        foreach (var entry in _entries)
        {
            var results = entry.Events.Count(message => message.Summary is not null);
            results.ShouldBe(entry.Status == StatusCode.OK ? 1 : 0, "I2: one result");
            var segments = entry.Events.Where(message => message.Segment is not null).Select(message => message.Segment).ToList();
            segments.Select(segment => segment.Index).ShouldBe(Enumerable.Range(0, segments.Count), "I2: no segment twice");
            if (entry.Timeout is { } timeout)
            {
                entry.Elapsed.ShouldBeLessThan(timeout + LateAllowed, "I3");
            }
        }

        ((double)Attempts / _begun).ShouldBeLessThanOrEqualTo(mostAttempts, "I4");
        await Bounds.UntilAsync(() => router.Spool is { OpenFiles: 0, BytesInUse: 0 });
    }

    /// <summary>I6: once the fault is gone all is served again, without a restart.</summary>
    public async Task CheckRecoveredAsync()
    {
        var patience = 300;
        while ((await SendAsync()).Status != StatusCode.OK && patience-- > 0)
        {
            await Task.Yield();
        }

        (await SendAsync(20)).Count(entry => entry.Status == StatusCode.OK).ShouldBeGreaterThanOrEqualTo(19);
    }

    private static async Task WriteAsync(IClientStreamWriter<StreamTranscribeRequest> requests, byte[] audio)
    {
        try
        {
            await requests.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() });
            await requests.WriteAsync(new StreamTranscribeRequest { Audio = ByteString.CopyFrom(audio) });
            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // How the call ended comes with its replies.
        }
    }
}

/// <summary>One request and what became of it.</summary>
internal sealed record LedgerEntry(StatusCode Status, IReadOnlyList<StreamTranscribeResponse> Events, TimeSpan Elapsed, TimeSpan? Timeout)
{
    public string? WorkerId => Events.FirstOrDefault(message => message.Summary is not null)?.Summary.WorkerId;
}
