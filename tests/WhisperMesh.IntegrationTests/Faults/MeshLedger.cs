using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>
/// Clients that write down what they asked of a mesh of real processes and what they got, and hold it against the invariants I1 to I6.
/// </summary>
internal sealed class MeshLedger : IAsyncDisposable
{
    private const int ChunkBytes = 32 * 1024;
    private const long MostRouterBytes = 600L << 20;
    private const double MostAttempts = 1.2;

    /// <summary>Longer than any fault lasts, on a machine that others use.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    // I3, and what a busy test machine adds.
    private static readonly TimeSpan LateAllowed = TimeSpan.FromMilliseconds(250) + Numbers.Of(TimeSpan.FromSeconds(2), TimeSpan.Zero);

    private readonly Mesh _mesh;
    private readonly GrpcChannel _channel;
    private readonly TranscriptionService.TranscriptionServiceClient _client;
    private readonly byte[] _audio = File.ReadAllBytes(FaultMesh.Short.Path);
    private readonly ConcurrentQueue<Entry> _entries = [];
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _callers = [];
    private int _begun;

    internal MeshLedger(Mesh mesh)
    {
        _mesh = mesh;
        _channel = GrpcChannel.ForAddress(mesh.Router.Grpc);
        _client = new TranscriptionService.TranscriptionServiceClient(_channel);
    }

    /// <summary>Lets so many callers ask one thing after the other.</summary>
    internal void Start(int callers) => _callers.AddRange(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
    {
        while (!_end.IsCancellationRequested)
        {
            await SendAsync();
        }
    })));

    /// <summary>Waits until so many more requests have been served.</summary>
    internal Task ServesMoreAsync(int count)
    {
        var goal = _entries.Count + count;
        return Eventually.HoldsAsync(() => _entries.Count >= goal, Timeout, _mesh.Logs);
    }

    /// <summary>Lets the callers end what they have, and checks what holds whatever went wrong.</summary>
    internal async Task CheckAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
        _entries.Count.ShouldBe(_begun, "I1: each request ended");
        foreach (var entry in _entries)
        {
            entry.Status.ShouldBe(StatusCode.OK, $"{entry.Detail}\n{_mesh.Logs()}");
            entry.Summaries.Count.ShouldBe(1, "I2: one result");
            entry.Segments.Select(segment => segment.Index).ShouldBe(Enumerable.Range(0, entry.Segments.Count), "I2: no segment twice");
            var heard = string.Concat(entry.Segments.Select(segment => segment.Text));
            WordErrorRate.Errors(FaultMesh.Short.Text, heard).ShouldBeLessThanOrEqualTo(1, heard);
            entry.Elapsed.ShouldBeLessThan(Timeout + LateAllowed, "I3");
        }

        _entries.Average(entry => entry.Summaries[0].Attempt).ShouldBeLessThanOrEqualTo(MostAttempts, "I4");
        _mesh.Router.Process.ResidentBytes.ShouldBeLessThan(MostRouterBytes, "I5");

        // I6: all is as before, without a restart.
        foreach (var _ in Enumerable.Range(0, 10))
        {
            (await SendAsync()).Status.ShouldBe(StatusCode.OK, _mesh.Logs());
        }

        await Eventually.HoldsAsync(async () => await _mesh.LoadAsync() == 0, Timeout, _mesh.Logs);
        _mesh.Router.TemporaryFiles().ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{_begun} requests, {_entries.Sum(entry => entry.Summaries[0].Attempt)} attempts, {_mesh.Router.Process.ResidentBytes >> 20} MiB."));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _channel.Dispose();
        _end.Dispose();
    }

    private async Task<Entry> SendAsync()
    {
        Interlocked.Increment(ref _begun);
        var entry = new Entry();
        var begin = Stopwatch.GetTimestamp();
        try
        {
            using var call = _client.StreamTranscribe(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Timeout);
            await WriteAsync(call.RequestStream, BrokenMesh.Fresh(_audio));
            await foreach (var message in call.ResponseStream.ReadAllAsync())
            {
                entry.Accept(message);
            }
        }
        catch (RpcException exception)
        {
            (entry.Status, entry.Detail) = (exception.StatusCode, exception.Status.Detail);
        }

        entry.Elapsed = Stopwatch.GetElapsedTime(begin);
        _entries.Enqueue(entry);
        return entry;
    }

    private static async Task WriteAsync(IClientStreamWriter<StreamTranscribeRequest> requests, byte[] audio)
    {
        try
        {
            await requests.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig { LanguageCode = "en" } });
            foreach (var chunk in audio.Chunk(ChunkBytes))
            {
                await requests.WriteAsync(new StreamTranscribeRequest { Audio = ByteString.CopyFrom(chunk) });
            }

            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // How the call ended comes with its replies.
        }
    }

    /// <summary>One request and what became of it.</summary>
    private sealed class Entry
    {
        public StatusCode Status { get; set; } = StatusCode.OK;

        public string Detail { get; set; } = "";

        public TimeSpan Elapsed { get; set; }

        public List<TranscriptSegment> Segments { get; } = [];

        public List<TranscriptionSummary> Summaries { get; } = [];

        public void Accept(StreamTranscribeResponse message)
        {
            if (message.Segment is { } segment)
            {
                Segments.Add(segment);
            }
            else if (message.Summary is { } summary)
            {
                Summaries.Add(summary);
            }
        }
    }
}
